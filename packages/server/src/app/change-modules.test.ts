import { auditActions } from '@tidewheel/contract/audit-actions';
import { describe, expect, it } from 'vitest';
import { changeModules } from './change-modules.ts';
import type { Parts } from './compose.ts';

// The list alone is read: nothing is taken back here.
const nothing = { foundation: { databases: {} }, engine: {}, flows: {}, connections: {} } as Parts;
const loggedOf = ({ reverts, shows }: ReturnType<typeof changeModules>[number]) => [...Object.keys(reverts), ...Object.keys(shows ?? {})];

/** What somebody administers. */
const administered =
  /^(audit\.retention|connection|credential|delegation|file|flow|grant|invitation|mail|member|role|schedule|scheduler|security|separation|service_account|service_key|sign_in_rules|sso_mapping|sso_provider|target|target_group|trigger|user|workspace)[._]/;
/** Reads and tests, what people do to themselves, and what a provider does by the rules that are in the log. */
const noChange = /downloaded|tested|tried|gathered|reminded|^user\.(email_changed|linked|unlinked|provisioned|role_mapped)$/;

describe('the modules of the change log', () => {
  it('have every change that somebody administers, each in one of them', () => {
    const logged = changeModules(nothing).flatMap(loggedOf);
    expect(auditActions.filter((action) => administered.test(action) && !noChange.test(action) && !logged.includes(action))).toEqual([]);
    expect(logged.filter((action, index) => logged.indexOf(action) !== index)).toEqual([]);
  });

  it('say of each change that cannot be taken back why', () => {
    for (const { shows } of changeModules(nothing)) for (const reason of Object.values(shows ?? {})) expect(reason).toMatch(/^[A-Z].{20,}\.$/);
  });
});
