// What the addresses of the color desk may carry after their question marks.
type Raw = Record<string, unknown>;

function text(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

const states = ['doubtful', 'duplicate', 'taken', 'removed'] as const;
export interface BufferSearch {
  tab?: 'uploads' | undefined;
  which?: 'free' | (typeof states)[number] | 'all' | undefined;
  q?: string | undefined;
  /** Only rows with a doubt about this field. */
  doubt?: string | undefined;
  /** The upload that is open. */
  upload?: string | undefined;
}
export function bufferSearch(raw: Raw): BufferSearch {
  const which = states.find((state) => state === raw['which']);
  const [q, doubt, upload] = [text(raw['q']), text(raw['doubt']), text(raw['upload'])];
  return {
    ...(raw['tab'] === 'uploads' ? { tab: 'uploads' } : {}),
    ...(which === undefined ? {} : { which }),
    ...(q === undefined ? {} : { q }),
    ...(doubt === undefined ? {} : { doubt }),
    ...(upload === undefined ? {} : { upload }),
  };
}

export interface ColorColumnsSearch {
  /** The source that is open; `new`. */
  source?: string | undefined;
}
export function colorColumnsSearch(raw: Raw): ColorColumnsSearch {
  const source = text(raw['source']);
  return source === undefined ? {} : { source };
}

export interface RulesSearch {
  archived?: true | undefined;
}
export function rulesSearch({ archived }: Record<string, unknown>): RulesSearch {
  return archived === true ? { archived } : {};
}

export interface NewRuleSearch {
  kind?: 'exclude' | 'color' | undefined;
}
export function newRuleSearch({ kind }: Record<string, unknown>): NewRuleSearch {
  return kind === 'exclude' || kind === 'color' ? { kind } : {};
}
