// autocannon brings no types: what load.ts uses of it.
declare module 'autocannon' {
  interface Run extends PromiseLike<{ errors: number; timeouts: number; non2xx: number; requests: { average: number } }> {
    on(event: 'response', told: (client: unknown, status: number, bytes: number, ms: number) => void): void;
  }
  const autocannon: (options: { url: string; connections: number; duration: number; headers: Record<string, string> }) => Run;
  export = autocannon;
}
