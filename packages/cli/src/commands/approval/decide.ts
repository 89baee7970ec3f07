import { decideApproval, showApproval } from '@tidewheel/client/routes';
import type { Decision, FormField } from '@tidewheel/contract/approval';
import { Conflict, InvalidInput } from '@tidewheel/contract/errors';
import { command, contextOf, gather } from '../../command.ts';
import type { Context } from '../../context.ts';
import { valuesFrom } from '../../parameter-values.ts';

export function approvalApprove() {
  return deciding('approve', {
    summary: 'Approve',
    example: ['tidewheel approval approve 01890a5d-ac96-7a54-8f3b-0c1d2e3f4a5b --hash 9f86d081884c -f reason=regular', 'what you saw, with its form'],
  });
}

export function approvalReject() {
  return deciding('reject', {
    summary: 'Reject',
    example: ['tidewheel approval reject 01890a5d-ac96-7a54-8f3b-0c1d2e3f4a5b --hash 9f86d081884c --comment "the dates are wrong"', 'and say why'],
  });
}

function deciding(decision: Decision, { summary, example }: { summary: string; example: [string, string] }) {
  return command(decision, {
    summary,
    description: 'A decision counts once and stays. It is about what `tidewheel approval show` shows: the hash proves that you saw it.',
    examples: [example],
  })
    .argument('<approval>', 'id of the approval')
    .requiredOption('--hash <digits>', 'the hash that `approval show` shows, or its first 8 digits and more', hashDigits)
    .option('--comment <text>', 'for whoever reads it later')
    .option('-f, --field <name=value>', 'a field of its form; may be given several times', gather)
    .option('--for <email>', 'who lent you the right, when you act for another')
    .action(async (id, options) => {
      await decide(contextOf(options), { id, decision, hash: options.hash, comment: options.comment, fields: options.field ?? [], onBehalfOf: options.for });
    });
}

interface Deciding {
  id: string;
  decision: Decision;
  hash: string;
  comment: string | undefined;
  fields: string[];
  onBehalfOf: string | undefined;
}

async function decide(context: Context, { id, decision, hash, comment, fields, onBehalfOf }: Deciding): Promise<void> {
  const client = await context.client();
  const seen = await client.call(showApproval, { params: { id } });
  if (!seen.hash.startsWith(hash))
    throw new Conflict('approval.stale', 'What is to be approved is not what you saw: its hash is another one.', {
      hint: `Look again with: tidewheel approval show ${id}`,
    });
  const form = valuesFrom(fields, { properties: Object.fromEntries(seen.form.map((field) => [field.name, { type: typeOf(field) }])) });
  const decided = await client.call(decideApproval, { params: { id }, body: { decision, hash: seen.hash, comment: comment ?? '', form, onBehalfOf } });
  context.print.result(decided, () =>
    context.print.line(decided.outcome ? `It is ${decided.outcome}.` : `Noted. ${decided.approved} of ${decided.quorum} have approved.`),
  );
}

function typeOf({ type }: FormField): string {
  return type === 'number' || type === 'boolean' ? type : 'string';
}

function hashDigits(text: string): string {
  const digits = text.toLowerCase();
  if (/^[0-9a-f]{8,64}$/.test(digits)) return digits;
  throw new InvalidInput('input.hash', `"${text.slice(0, 80)}" is no hash`, { hint: 'Give at least its first 8 digits, as `approval show` shows them.' });
}
