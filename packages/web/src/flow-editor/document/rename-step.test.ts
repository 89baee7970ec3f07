import { expect, test } from 'vitest';
import { renameStep } from './rename-step.ts';

const written = `flow: a
title: b
steps:
  ask: # first
    use: ssh.run
    with: { target: web-1, command: uptime }
  next:
    use: flow.value
    after: [ask]
    when: steps.ask.value.exitCode == 0 && "steps.ask" != ""
    with: { value: 'steps["ask"].value.stdout + steps.asked' } # steps.ask
  sql:
    use: table.sql
    from: ask
    with: { sql: "select * from ask where x = '{{ steps.ask.rows }}'" }
outputs:
  out: { value: steps.ask.value.stdout }
`;

test('what certainly means a step follows its name, what may is said', () => {
  const { source, unsure } = renameStep(written, ['steps', 'ask'], { name: 'asked', isExpression: (use, field) => use === 'flow.value' && field === 'value' });
  expect(source).toBe(
    written
      .replace('  ask: #', '  asked: #')
      .replace('[ask]', '[ asked ]')
      .replace('steps.ask.value.exitCode', 'steps.asked.value.exitCode')
      .replace('steps["ask"]', 'steps.asked')
      .replace('from: ask\n', 'from: asked\n')
      .replace('{{ steps.ask.rows', '{{ steps.asked.rows')
      .replace('value: steps.ask.value.stdout', 'value: steps.asked.value.stdout'),
  );
  expect(unsure).toEqual(['next: when', 'sql: with.sql']);
});
