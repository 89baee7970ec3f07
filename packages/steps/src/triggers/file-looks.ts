// Decides which of the files that a listing shows fire now. Pure: what was seen before and the time are given.
import type { TriggerItem } from '@tidewheel/kit/define-trigger';
import type { ListedFile } from '@tidewheel/kit/file-source';

export interface FileRules {
  stableSeconds: number;
  /** A file is ready when another one of its name and this ending is there. */
  marker?: string | undefined;
  minAgeSeconds?: number | undefined;
  maxAgeSeconds?: number | undefined;
  /** What a known name with another size or time is. */
  sameName: 'fires' | 'ignored';
}

export interface Judgement {
  ready: ListedFile[];
  waiting: { title: string; why: string }[];
  /** As they are to be remembered, without those that fire now. */
  items: TriggerItem[];
  gone: string[];
}

export function versionOf({ size, modifiedAt }: ListedFile): string {
  return `${size} ${modifiedAt.toISOString()}`;
}

export interface Listed {
  files: ListedFile[];
  known: Map<string, TriggerItem>;
  now: Date;
  rules: FileRules;
  /** Nothing was remembered yet: what is there may be taken as old. */
  takesAsOld: boolean;
}

export function judgeFiles({ files, known, now, rules, takesAsOld }: Listed): Judgement {
  const names = new Set(files.map((file) => file.path));
  const judged: Judgement = { ready: [], waiting: [], items: [], gone: [...known.keys()].filter((key) => !names.has(key)) };
  for (const file of files) {
    if (rules.marker !== undefined && file.path.endsWith(rules.marker)) continue;
    const before = known.get(file.path);
    const version = versionOf(file);
    const isKnown = before?.version === version;
    if (before?.done && (isKnown || rules.sameName === 'ignored')) continue;
    const item: TriggerItem = { key: file.path, version, since: isKnown ? before.since : now, done: takesAsOld };
    if (!isKnown || takesAsOld) judged.items.push(item);
    if (takesAsOld) continue;
    const why = notReady({ file, item, isKnown, names, now, rules });
    if (why === null) judged.ready.push(file);
    else judged.waiting.push({ title: file.path, why });
  }
  return judged;
}

interface One extends Pick<Listed, 'now' | 'rules'> {
  file: ListedFile;
  item: TriggerItem;
  isKnown: boolean;
  names: ReadonlySet<string>;
}

function notReady({ file, item, isKnown, names, now, rules }: One): string | null {
  const age = (now.getTime() - file.modifiedAt.getTime()) / 1000;
  if (rules.maxAgeSeconds !== undefined && age > rules.maxAgeSeconds) return `it is older than ${rules.maxAgeSeconds} s`;
  if (rules.minAgeSeconds !== undefined && age < rules.minAgeSeconds) return `it is younger than ${rules.minAgeSeconds} s`;
  if (rules.marker !== undefined) return names.has(`${file.path}${rules.marker}`) ? null : `${file.path}${rules.marker} is not there yet`;
  if (rules.stableSeconds === 0) return null;
  if (!isKnown) return 'it was seen, or changed, just now';
  const still = Math.floor((now.getTime() - item.since.getTime()) / 1000);
  return still >= rules.stableSeconds ? null : `it has not changed for ${still} s; ${rules.stableSeconds} s are asked for`;
}
