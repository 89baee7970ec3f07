import type { FlowDocument } from '@tidewheel/contract/flow-document';

const others = { queue: 'others wait in line', skip: 'others are refused', cancelPrevious: 'the ones before are cancelled' };

/** What a flow gives to whoever runs it, and what becomes of runs that meet. */
export function FlowPromises({ document: { outputs, overlap } }: { document: FlowDocument }) {
  const names = Object.keys(outputs ?? {});
  return (
    <>
      {names.length > 0 && (
        <span
          title={Object.entries(outputs ?? {})
            .map(([name, { type, value }]) => `${name} (${type}): ${value}`)
            .join('\n')}
        >
          gives {names.join(', ')}
        </span>
      )}
      {overlap && (
        <span>
          {overlap.most === 1 ? 'one run' : `${overlap.most} runs`} at once, {others[overlap.policy]}
        </span>
      )}
    </>
  );
}
