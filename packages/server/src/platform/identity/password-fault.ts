// Whether a password is easily guessed. Length is what counts (NIST SP 800-63B): no rule asks for signs or digits.
import { commonBases, commonRuns } from './common-passwords.ts';

/** Shorter parts of an address would forbid too much. */
const shortestOwn = 4;
const mostBases = 3;
const lookAlikes: Record<string, string> = { '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '@': 'a', $: 's', '!': 'i', '+': 't' };

/** What is wrong with it, as the end of a sentence; null when nothing is. */
export function passwordFault(password: string, { email, minLength }: { email: string; minLength: number }): string | null {
  if ([...password].length < minLength) return `must have at least ${minLength} characters`;
  const plain = password.normalize('NFKC').toLowerCase();
  const own = email.toLowerCase().split('@')[0] ?? '';
  if (own.length >= shortestOwn && letters(plain).includes(letters(own))) return 'must not contain your e-mail address';
  return isCommon(plain) ? 'is among the first that attackers try; use a few words that have nothing to do with one another' : null;
}

function letters(text: string): string {
  return text.replace(/[^\p{L}\p{N}]/gu, '');
}

function isCommon(plain: string): boolean {
  if (isRepetition(plain)) return true;
  const readable = [...plain].map((sign) => lookAlikes[sign] ?? sign).join('');
  // Digits and signs around the words add little: they are tried first.
  const inner = plain.replace(/^[\d\p{P}\p{S}\s]+|[\d\p{P}\p{S}\s]+$/gu, '');
  const readableInner = [...inner].map((sign) => lookAlikes[sign] ?? sign).join('');
  return [plain, readable, inner, readableInner].some((form) => isGuessed(form));
}

function isGuessed(form: string): boolean {
  const bare = letters(form);
  const words = bare.replace(/\d+/g, '');
  return words === '' || isRun(bare) || isRun(words) || isRepetition(bare) || basesIn(words) <= mostBases;
}

/** A short piece over and over: `abcabcabcabc`. */
function isRepetition(text: string): boolean {
  return /^(.{1,6}?)\1{2,}.{0,5}$/su.test(text);
}

function isRun(text: string): boolean {
  const reversed = [...text].reverse().join('');
  return commonRuns.some((run) => (run + run).includes(text) || (run + run).includes(reversed));
}

/** The fewest common bases that make up the whole text; Infinity when they do not. */
function basesIn(text: string): number {
  const fewest = [0, ...Array<number>(text.length).fill(Number.POSITIVE_INFINITY)];
  for (let end = 1; end <= text.length; end++)
    for (let start = Math.max(0, end - 20); start < end; start++)
      if (commonBases.has(text.slice(start, end))) fewest[end] = Math.min(fewest[end] ?? Number.POSITIVE_INFINITY, (fewest[start] ?? 0) + 1);
  return fewest[text.length] ?? Number.POSITIVE_INFINITY;
}
