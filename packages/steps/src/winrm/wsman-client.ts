// Talks to one WinRM service over as many signed-in connections as it needs at a time: one that waits for output leaves the others free to send and to signal.
import type { X509Certificate } from 'node:crypto';
import { placeOf } from './winrm-errors.ts';
import type { WinrmTarget } from './winrm-settings.ts';
import { WsmanChannel } from './wsman-channel.ts';
import { faultError, isAskAgain } from './wsman-faults.ts';
import { faultIn, readBody } from './wsman-replies.ts';
import type { RequestFrame } from './wsman-requests.ts';

export interface ClientOptions {
  target: WinrmTarget;
  onCertificate?: ((certificate: X509Certificate) => void) | undefined;
}

type Body = ReturnType<typeof readBody>;

export class WsmanClient {
  readonly target: WinrmTarget;
  readonly frame: RequestFrame;
  readonly #options: ClientOptions;
  readonly #idle: WsmanChannel[] = [];
  #isClosed = false;

  constructor(options: ClientOptions) {
    const { target } = options;
    const { scheme, path, locale, maxEnvelopeKb, operationSeconds } = target.settings;
    this.target = target;
    this.#options = options;
    this.frame = { to: `${scheme}://${placeOf(target)}${path}`, locale, maxEnvelopeBytes: maxEnvelopeKb * 1024, operationSeconds };
  }

  get place(): string {
    return placeOf(this.target);
  }

  /** Takes over a connection that is signed in already. */
  adopt(channel: WsmanChannel): void {
    this.#idle.push(channel);
  }

  /** The body of the answer. @throws AppError `winrm.*` for a fault too */
  async ask(message: string, signal: AbortSignal): Promise<Body> {
    const body = await this.askOrWait(message, signal);
    if (body) return body;
    throw faultError({ code: undefined, subcode: 'TimedOut', message: 'it did not come to it in the time of the request' }, this.place);
  }

  /** As `ask`; undefined when the host says that nothing came so far and it should be asked again. */
  async askOrWait(message: string, signal: AbortSignal): Promise<Body | undefined> {
    const channel = await this.#take(signal);
    try {
      // The host answers within the operation's time; what is on top is for the way and for a busy host.
      const timeoutMs = (this.frame.operationSeconds + this.target.settings.connectSeconds) * 1000;
      const body = readBody(await channel.send({ message, timeoutMs, signal }));
      this.#giveBack(channel);
      const fault = faultIn(body);
      if (!fault) return body;
      if (isAskAgain(fault)) return undefined;
      throw faultError(fault, this.place);
    } catch (thrown) {
      if (!this.#idle.includes(channel)) channel.close();
      throw thrown;
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const channel of this.#idle.splice(0)) channel.close();
  }

  async #take(signal: AbortSignal): Promise<WsmanChannel> {
    signal.throwIfAborted();
    for (;;) {
      const channel = this.#idle.pop();
      if (!channel) return WsmanChannel.open({ ...this.#options, signal });
      if (channel.isOpen()) return channel;
      channel.close();
    }
  }

  #giveBack(channel: WsmanChannel): void {
    if (this.#isClosed) channel.close();
    else this.#idle.push(channel);
  }
}
