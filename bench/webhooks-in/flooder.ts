// A process of its own that calls a webhook at a fixed rate, whether it is answered or not, and says what came back. Bare sockets: HTTP clients cost more than the server does.
import net from 'node:net';
import { type Hook, signer } from './caller.ts';

export interface FloodOrder extends Hook {
  perSecond: number;
  seconds: number;
  /** One call at a time on each; while all of them wait for an answer no more can be sent. */
  connections: number;
}

export interface FloodOutcome {
  /** How many of the calls that were due found a connection. */
  sent: number;
  due: number;
  statuses: Record<number, number>;
  /** 429 without a Retry-After. */
  silent: number;
  /** Those that were given with 202, in order of their answers. */
  runs: string[];
  broken: number;
}

interface Line {
  socket: net.Socket;
  got: string;
}

const everyMs = 5;

class Flood {
  readonly #order: FloodOrder;
  readonly #sign: ReturnType<typeof signer>;
  readonly #free: Line[] = [];
  readonly #outcome: FloodOutcome = { sent: 0, due: 0, statuses: {}, silent: 0, runs: [], broken: 0 };
  #pending = 0;

  constructor(order: FloodOrder) {
    this.#order = order;
    this.#sign = signer(order);
  }

  async run(): Promise<FloodOutcome> {
    const { connections, perSecond, seconds } = this.#order;
    // In groups: the queue of a port for connections that are not taken yet is short.
    for (let at = 0; at < connections; at += 50) await Promise.all(Array.from({ length: Math.min(50, connections - at) }, () => this.#connect()));
    const began = performance.now();
    while (performance.now() - began < seconds * 1000) {
      const due = Math.floor(((performance.now() - began) / 1000) * perSecond);
      for (; this.#outcome.due < due; this.#outcome.due++) this.#send();
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
    while (this.#pending > 0) await new Promise((resolve) => setTimeout(resolve, everyMs));
    return this.#outcome;
  }

  async #connect(): Promise<void> {
    const { hostname: host, port } = new URL(this.#order.origin);
    // From one address no more than a thousand are taken.
    const localAddress = `127.0.0.${2 + (this.#free.length % 4)}`;
    const socket = net.connect({ host, port: Number(port), noDelay: true, localAddress });
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    const line: Line = { socket, got: '' };
    socket.setEncoding('latin1').on('data', (text: string) => this.#receive(line, text));
    socket.on('error', () => {}).on('close', () => this.#lost(line));
    this.#free.push(line);
  }

  #lost(line: Line): void {
    const at = this.#free.indexOf(line);
    if (at >= 0) return void this.#free.splice(at, 1);
    this.#pending -= 1;
    this.#outcome.broken += 1;
  }

  #send(): void {
    const line = this.#free.pop();
    if (!line) return;
    const { body, headers } = this.#sign(this.#outcome.sent);
    const lines = Object.entries({ host: 'flood', 'content-length': String(body.length), ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
    this.#pending += 1;
    this.#outcome.sent += 1;
    line.socket.write(`POST /api/hooks/${this.#order.id} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
  }

  #receive(line: Line, text: string): void {
    line.got += text;
    const head = line.got.indexOf('\r\n\r\n');
    if (head < 0) return;
    const length = Number(/content-length: (\d+)/i.exec(line.got)?.[1] ?? 0);
    if (line.got.length < head + 4 + length) return;
    this.#answered(line.got.slice(0, head), line.got.slice(head + 4));
    line.got = '';
    this.#pending -= 1;
    this.#free.push(line);
  }

  #answered(head: string, body: string): void {
    const status = Number(head.slice(9, 12));
    this.#outcome.statuses[status] = (this.#outcome.statuses[status] ?? 0) + 1;
    if (status === 429 && !/\r\nretry-after: \d/i.test(head)) this.#outcome.silent += 1;
    if (status === 202) this.#outcome.runs.push((JSON.parse(body) as { run: string }).run);
  }
}

process.once('message', (order: FloodOrder) => {
  void new Flood(order).run().then((outcome) => process.send?.(outcome, () => process.exit()));
});
