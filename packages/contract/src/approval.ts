// What an approval asks for: the words of its form, the rules of its votes. Shared by the step type, the engine, the API and both faces.
import { z } from 'zod';
import { StepId } from './identifiers.ts';

/** An address of a person, or `role.<slug>`: everybody who holds that role. */
export const Approver = z
  .string()
  .max(320)
  .regex(/^(?:role\.[a-z0-9][a-z0-9-]*|[^\s@]+@[^\s@]+)$/, 'must be an e-mail address, or role.<name of a role>')
  .meta({ id: 'Approver', examples: ['role.compliance', 'ada@example.org'] });

export const formFieldTypes = ['text', 'number', 'choice', 'boolean'] as const;
export const FormField = z
  .strictObject({
    name: StepId.meta({ title: 'Name', description: 'By which expressions know it' }),
    title: z.string().min(1).max(200).meta({ title: 'Title' }),
    type: z.enum(formFieldTypes).default('text').meta({ title: 'Type' }),
    choices: z.array(z.string().min(1).max(200)).min(1).max(100).optional().meta({ title: 'Choices', description: 'Of the type choice' }),
    required: z.boolean().default(false).meta({ title: 'Required', description: 'Of who approves' }),
  })
  .meta({ id: 'FormField' });
export type FormField = z.output<typeof FormField>;

export const decisions = ['approve', 'reject'] as const;
export const Decision = z.enum(decisions);
export type Decision = z.infer<typeof Decision>;

export const approvalOutcomes = ['approved', 'rejected', 'expired', 'withdrawn'] as const;
export const ApprovalOutcome = z.enum(approvalOutcomes);
export type ApprovalOutcome = z.infer<typeof ApprovalOutcome>;

/** What a step asks for. */
export interface ApprovalAsked {
  title: string;
  description: string;
  approvers: string[];
  quorum: number;
  /** One rejection rejects. Else the others go on until nobody is left who could make the quorum. */
  rejectEnds: boolean;
  form: FormField[];
}

const longestText = 4_000;

/** What is wrong with the values of a form, as `field: what`. Who rejects may leave out what is required. */
export function formFaults(
  fields: readonly FormField[],
  { values, decision }: { values: Record<string, unknown>; decision: Decision },
): { path: string; message: string }[] {
  const known = new Map(fields.map((field) => [field.name, field]));
  const strange = Object.keys(values)
    .filter((name) => !known.has(name))
    .map((name) => ({ path: `form.${name}`, message: 'is no field of this form' }));
  const wrong = fields.flatMap((field) => {
    const message = faultOf(field, { value: values[field.name], decision });
    return message === null ? [] : [{ path: `form.${field.name}`, message }];
  });
  return [...strange, ...wrong];
}

function faultOf({ type, choices, required }: FormField, { value, decision }: { value: unknown; decision: Decision }): string | null {
  if (value === undefined || value === null || value === '') return required && decision === 'approve' ? 'is required' : null;
  if (type === 'number') return typeof value === 'number' && Number.isFinite(value) ? null : 'must be a number';
  if (type === 'boolean') return typeof value === 'boolean' ? null : 'must be true or false';
  if (typeof value !== 'string') return 'must be a text';
  if (type === 'choice') return choices?.includes(value) ? null : `must be one of ${choices?.join(', ')}`;
  return value.length <= longestText ? null : `must be at most ${longestText} characters long`;
}
