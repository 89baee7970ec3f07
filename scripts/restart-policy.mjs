// When a server that died is started again: soon at first, later and later while it dies young, and no more when it cannot live.
const youngMs = 60_000;
const firstWaitMs = 500;
export const deathsInARow = 5;

/** @returns a function that is told how long the dead one lived, and gives the ms to wait before the next; null when there shall be none */
export function restartPolicy() {
  let deaths = 0;
  return (livedMs) => {
    deaths = livedMs < youngMs ? deaths + 1 : 1;
    return deaths >= deathsInARow ? null : firstWaitMs * 2 ** (deaths - 1);
  };
}
