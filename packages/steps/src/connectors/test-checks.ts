// The test of a connection as a list of checks, the first of which are the same for everything that is reached over the network.
import { toAppError } from '@tidewheel/contract/errors';
import type { TestResult } from '@tidewheel/contract/routes/connections';
import { connectAllowed, type EgressPlace, resolveAllowed } from '@tidewheel/kit/egress/egress';

type Check = TestResult['checks'][number];

export class TestChecks {
  readonly #checks: Check[] = [];
  readonly #started = performance.now();
  /** What is thrown, in the words of the protocol. */
  readonly #explain: (thrown: unknown) => unknown;

  constructor(explain: (thrown: unknown) => unknown = (thrown) => thrown) {
    this.#explain = explain;
  }

  /** @returns whether it worked */
  async attempt(name: string, work: () => Promise<string>): Promise<boolean> {
    try {
      this.passed(name, await work());
      return true;
    } catch (thrown) {
      this.failed(name, this.#explain(thrown));
      return false;
    }
  }

  passed(name: string, detail: string): void {
    this.#checks.push({ name, ok: true, detail });
  }
  failed(name: string, thrown: unknown): void {
    const { message, hint } = toAppError(thrown);
    this.#checks.push({ name, ok: false, detail: message, ...(hint ? { hint } : {}) });
  }

  /** Whether the name is known and something listens there. */
  async reaches(place: EgressPlace, { signal, timeoutSeconds }: { signal: AbortSignal; timeoutSeconds: number }): Promise<boolean> {
    const resolved = async () => {
      const { addresses, servername } = await resolveAllowed(place, { signal });
      return servername === undefined ? 'It is an address.' : addresses.map(({ address }) => address).join(', ');
    };
    const knocked = async () => {
      (await connectAllowed(place, { signal, timeoutMs: timeoutSeconds * 1000 })).destroy();
      return `Port ${place.port} is open.`;
    };
    return (await this.attempt('DNS', resolved)) && (await this.attempt('port', knocked));
  }

  result(): TestResult {
    return { ok: this.#checks.every((check) => check.ok), ms: Math.round(performance.now() - this.#started), checks: this.#checks };
  }
}
