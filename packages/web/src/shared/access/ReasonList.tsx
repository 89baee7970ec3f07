import type { Why } from '@tidewheel/contract/routes/access';
import { PairList } from '../PairList.tsx';

const verdicts = { allows: 'allows it', denies: 'denies it', 'other objects only': 'allows it on other objects only', silent: 'says nothing about it' };

export function ReasonList({ reasons }: { reasons: Why['reasons'] }) {
  return <PairList pairs={reasons.map(({ source, verdict }) => [source, verdicts[verdict]])} />;
}
