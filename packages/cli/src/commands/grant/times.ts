import { InvalidArgumentError } from '@commander-js/extra-typings';

/** `2026-12-01` (its end, here), `2026-12-01T18:00`, or `3d`, `12h` from now. */
export function untilTime(text: string): string {
  const span = text.match(/^(\d{1,4})([hd])$/);
  if (span) return new Date(Date.now() + Number(span[1]) * (span[2] === 'h' ? 3_600_000 : 86_400_000)).toISOString();
  const at = new Date(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T23:59:59.999` : text);
  if (Number.isNaN(at.getTime())) throw new InvalidArgumentError('It must be a day (2026-12-01), a time (2026-12-01T18:00), or a span (3d, 12h).');
  return at.toISOString();
}

/** As above; a day means its beginning. */
export function fromTime(text: string): string {
  return untilTime(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00` : text);
}
