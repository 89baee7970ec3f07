// Node's flags of the product, for processes that stand for it in tests and benches.
const script = new URL('../../../../scripts/server-flags.mjs', import.meta.url).href;
export const { serverFlags } = (await import(script)) as { serverFlags: string[] };
