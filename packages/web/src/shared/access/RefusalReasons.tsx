import type { AppError } from '@tidewheel/contract/errors';
import type { Permission } from '@tidewheel/contract/route';
import { type ObjectOfWhy, WhyPanel } from './WhyPanel.tsx';

const types: readonly ObjectOfWhy[] = ['flow', 'connection', 'credential', 'target', 'file'];

/** Under a refusal that names its permission: the way to the reasons. */
export function RefusalReasons({ error }: { error: AppError }) {
  const permission = error.details?.['permission'];
  if (typeof permission !== 'string') return null;
  const known = error.details?.['object'] as Record<string, string | null> | undefined;
  const type = types.find((one) => permission.startsWith(`${one}.`) && typeof known?.[one] === 'string');
  return <WhyPanel permission={permission as Permission} {...(type && known?.[type] ? { type, object: known[type] } : {})} />;
}
