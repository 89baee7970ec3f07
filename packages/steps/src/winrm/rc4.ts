// RC4, which NTLM seals messages with and OpenSSL 3 no longer offers. One object is one direction of one connection: its state goes on from message to message.
export class Rc4 {
  readonly #state = new Uint8Array(256);
  #i = 0;
  #j = 0;

  constructor(key: Uint8Array) {
    const state = this.#state;
    for (let i = 0; i < 256; i++) state[i] = i;
    for (let i = 0, j = 0; i < 256; i++) {
      const held = state[i] ?? 0;
      j = (j + held + (key[i % key.length] ?? 0)) & 255;
      state[i] = state[j] ?? 0;
      state[j] = held;
    }
  }

  /** Encrypts or decrypts, which is the same. */
  apply(data: Uint8Array): Buffer {
    const state = this.#state;
    const out = Buffer.allocUnsafe(data.length);
    let i = this.#i;
    let j = this.#j;
    for (let at = 0; at < data.length; at++) {
      i = (i + 1) & 255;
      const x = state[i] as number;
      j = (j + x) & 255;
      const y = state[j] as number;
      state[i] = y;
      state[j] = x;
      out[at] = (data[at] as number) ^ (state[(x + y) & 255] as number);
    }
    this.#i = i;
    this.#j = j;
    return out;
  }
}
