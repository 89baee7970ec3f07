// Gives each new entry its place in its workspace's tree and signs the tree that results. One at a time in the whole installation.
import { leafText } from '../../base/audit.ts';
import type { Logger } from '../../base/logger.ts';
import type { Databases, WorkspaceTransaction } from '../../storage/database.ts';
import { addLeaves, ask, countLeaves, findWaiting, findWaitingWorkspaces, loadNodes, lockSequence, saveCheckpoint } from './audit-tree.store.ts';
import { checkpointText, type Signer } from './checkpoint.ts';
import { edge, grow, hashLeaf, root } from './merkle-tree.ts';

export interface Sequencer {
  /** Places what waits now. @returns how many entries */
  run(): Promise<number>;
  start(): void;
  stop(): Promise<void>;
}

const everyMs = 1_000;
/** In one transaction. */
const mostTogether = 2_000;

export function createSequencer({ databases, signer, log }: { databases: Pick<Databases, 'engine'>; signer: Signer; log: Logger }): Sequencer {
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<unknown> = Promise.resolve();
  let stopped = false;
  const run = async (): Promise<number> => {
    let placed = 0;
    for (const workspaceId of await findWaitingWorkspaces(databases.engine)) {
      for (let some = mostTogether; some === mostTogether && !stopped; placed += some) {
        some = await databases.engine.transaction().execute((trx) => sequence(trx, { workspaceId, signer }));
      }
    }
    return placed;
  };
  const round = async (): Promise<void> => {
    // A database that is away is tried again in the next round: what waits, waits in it.
    await run().catch((error: unknown) => log.warn({ err: error }, 'audit entries could not be placed in the tree; trying again'));
    if (!stopped) next();
  };
  const next = () => {
    timer = setTimeout(() => {
      working = round();
    }, everyMs);
  };
  return {
    run,
    start: next,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await working;
    },
  };
}

async function sequence(trx: WorkspaceTransaction, { workspaceId, signer }: { workspaceId: string; signer: Signer }): Promise<number> {
  if (!(await lockSequence(trx))) return 0;
  const waiting = await findWaiting(trx, { workspaceId, limit: mostTogether });
  if (waiting.length === 0) return 0;
  const size = await countLeaves(trx, workspaceId);
  const leaves = waiting.map(({ id, at, action, payload_hash }) => ({
    entryId: id,
    hash: hashLeaf(leafText({ workspaceId, id, at, action, payloadHash: payload_hash })),
  }));
  const nodes = grow({ size, leaves: leaves.map((leaf) => leaf.hash), nodes: await loadNodes(trx, workspaceId, edge(size)) });
  await addLeaves(trx, { workspaceId, size, leaves, nodes });
  const grown = size + leaves.length;
  const hash = await ask(trx, workspaceId, root(grown));
  await saveCheckpoint(trx, { workspaceId, size: grown, root: hash, note: signer.sign(checkpointText({ workspaceId, size: grown, root: hash })) });
  return leaves.length;
}
