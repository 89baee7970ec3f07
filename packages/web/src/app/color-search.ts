// What the addresses of the color desk may carry after their question marks.
import type { ColorSearch } from '@tidewheel/contract/routes/color-search';

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

const biases = ['bid', 'offer', 'talk', 'cover', 'trade'] as const;
const sorts = ['newest', 'oldest', 'px', '-px', 'spread', '-spread', '-size', 'rank'] as const;
const texts = ['text', 'security', 'sector', 'market', 'source', 'dealer'] as const;
const days = ['from', 'to'] as const;
const bounds = ['pxFrom', 'pxTo', 'spreadFrom', 'spreadTo', 'sizeFrom', 'sizeTo', 'rankFrom', 'rankTo'] as const;

/** What is looked for. What no search could be asked is dropped. */
export function securitySearch(raw: Raw): ColorSearch {
  const search: ColorSearch = {};
  for (const name of texts) search[name] = text(raw[name])?.slice(0, 100);
  for (const name of days) if (/^\d{4}-\d\d-\d\d$/.test(String(raw[name]))) search[name] = String(raw[name]);
  for (const name of bounds) if (typeof raw[name] === 'number' && Number.isFinite(raw[name])) search[name] = raw[name];
  search.bias = biases.find((bias) => bias === raw['bias']);
  search.sort = sorts.find((sort) => sort === raw['sort']);
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));
}

export interface SecurityPageSearch {
  bias?: (typeof biases)[number] | undefined;
  from?: string | undefined;
}
export function securityPageSearch(raw: Raw): SecurityPageSearch {
  const bias = biases.find((one) => one === raw['bias']);
  const from = /^\d{4}-\d\d-\d\d$/.test(String(raw['from'])) ? String(raw['from']) : undefined;
  return { ...(bias === undefined ? {} : { bias }), ...(from === undefined ? {} : { from }) };
}

export interface ProcessingsSearch {
  kind?: 'automatic' | 'manual' | undefined;
}
export function processingsSearch({ kind }: Raw): ProcessingsSearch {
  return kind === 'automatic' || kind === 'manual' ? { kind } : {};
}

export interface ProcessingSearch {
  tab?: 'excluded' | 'rules' | undefined;
  q?: string | undefined;
  /** Rows that this rule excluded or coloured. */
  rule?: string | undefined;
  /** The row that is explained. */
  line?: number | undefined;
}
export function processingSearch(raw: Raw): ProcessingSearch {
  const { tab, line } = raw;
  const [q, rule] = [text(raw['q'])?.slice(0, 100), text(raw['rule'])];
  return {
    ...(tab === 'excluded' || tab === 'rules' ? { tab } : {}),
    ...(q === undefined ? {} : { q }),
    ...(rule === undefined ? {} : { rule }),
    ...(typeof line === 'number' && Number.isInteger(line) && line > 0 ? { line } : {}),
  };
}

const views = ['kept', 'excluded', 'removed', 'doubtful', 'changed'] as const;
export interface SessionPageSearch {
  which?: 'all' | (typeof views)[number] | undefined;
  q?: string | undefined;
  /** What is open beside the grid. */
  panel?: 'history' | undefined;
  /** The row that is explained there. */
  why?: string | undefined;
}
export function sessionPageSearch(raw: Raw): SessionPageSearch {
  const which = views.find((view) => view === raw['which']);
  const q = text(raw['q'])?.slice(0, 100);
  const why = text(raw['why'])?.slice(0, 40);
  const open = raw['panel'] === 'history' ? { panel: 'history' as const } : why === undefined ? {} : { why };
  return { ...(which === undefined ? {} : { which }), ...(q === undefined ? {} : { q }), ...open };
}
