// One's own passkeys: listing, adding, renaming, removing.
import { Conflict, InvalidInput, NotFound } from '@tidewheel/contract/errors';
import type { NewCredential, Passkey } from '@tidewheel/contract/routes/passkeys';
import type { Actor } from '../../base/actor.ts';
import type { Call } from '../../base/endpoint.ts';
import { newId } from '../../base/ids.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { findProfile } from './identity.store.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { creationOptions, type MadePasskey, readNewCredential } from './passkey-ceremony.ts';
import { answerChallenge, keepChallenge, requireSite } from './passkey-challenge.ts';
import { relyingParty } from './passkey-site.ts';
import { deletePasskey, findPasskeys, insertPasskey, renamePasskeyRow, type StoredPasskey } from './passkeys.store.ts';
import { roleRequires } from './second-factor.service.ts';
import { lockMethods } from './second-factor.store.ts';
import { type Proof, partWithMethod, requireProof, welcomeMethod } from './second-factor-proof.ts';
import { userOf } from './session-cookie.ts';

const most = 20;

const unknown = () => new NotFound('passkey.unknown', 'You have no such passkey; it may have been removed already.');

function shown({ id, title, createdAt, lastUsedAt, backedUp, rpId }: StoredPasskey, call: Call): Passkey {
  const usable = relyingParty(call.origin)?.id === rpId;
  return { id, title, createdAt: createdAt.toISOString(), lastUsedAt: lastUsedAt?.toISOString() ?? null, backedUp, usable };
}

export async function listPasskeys({ db }: IdentityDeps, actor: Actor, call: Call): Promise<Passkey[]> {
  return (await findPasskeys(db, userOf(actor).userId)).map((passkey) => shown(passkey, call));
}

/** @throws Conflict where no passkey can work, or there are twenty */
export async function beginPasskey(deps: IdentityDeps, actor: Actor, proof: Proof): ReturnType<typeof creationOptions> {
  const site = requireSite(proof.call);
  const { id, email } = await requireProof(deps, actor, proof);
  const known = await findPasskeys(deps.db, id);
  if (known.length >= most)
    throw new Conflict('passkey.too_many', `You have ${most} passkeys, which is the most.`, { hint: 'Remove one that you do not use.' });
  const name = (await findProfile(deps.db, userOf(actor)))?.name ?? email;
  const options = await creationOptions({
    site,
    user: { id, email, name },
    known: known.map(({ credentialId, transports }) => ({ id: credentialId, transports })),
  });
  await keepChallenge(deps.db, { challenge: options.challenge, purpose: 'register', userId: id, call: proof.call });
  return options;
}

/** What was proved when it began need not be proved again: the challenge is of this user, this browser and these minutes. @throws InvalidInput, Conflict */
export async function addPasskey(
  deps: IdentityDeps,
  actor: Actor,
  { title, credential, call }: { title: string; credential: NewCredential; call: Call },
): Promise<{ passkey: Passkey; recoveryCodes: string[] | null }> {
  const { userId } = userOf(actor);
  const site = requireSite(call);
  const answered = await answerChallenge(deps.db, credential.response.clientDataJSON, call);
  if (answered?.purpose !== 'register' || answered.userId !== userId)
    throw new InvalidInput('passkey.expired', 'This was not asked for in this browser within the last minutes.', { hint: 'Begin anew.' });
  const log = (error: unknown) => deps.log.info({ err: error }, 'a new passkey was refused');
  const made = await readNewCredential(credential, { site, challenge: answered.challenge, log });
  if (!made) throw new InvalidInput('passkey.refused', 'What the browser sent is no passkey for this site.', { hint: `Open ${site.origin} and begin anew.` });
  return keepPasskey(deps, actor, { made, title, rpId: site.id, transports: credential.response.transports ?? [], call });
}

async function keepPasskey(
  { db }: IdentityDeps,
  actor: Actor,
  { made, title, rpId, transports, call }: { made: MadePasskey; title: string; rpId: string; transports: string[]; call: Call },
): Promise<{ passkey: Passkey; recoveryCodes: string[] | null }> {
  const { userId } = userOf(actor);
  return db.transaction().execute(async (trx) => {
    const before = await lockMethods(trx, userId);
    const { credentialId, publicKey, counter, backedUp } = made;
    const row = { id: newId(), user_id: userId, title, credential_id: credentialId, public_key: publicKey, counter, backed_up: backedUp };
    const passkey = await insertPasskey(trx, { ...row, rp_id: rpId, transports });
    if (!passkey) throw new Conflict('passkey.known', 'This passkey is registered already.', { hint: 'Use another device, or remove it there first.' });
    await recordAudit(trx, actor, { action: 'passkey.added', object: { type: 'passkey', id: passkey.id, title }, after: { backedUp } });
    return { passkey: shown(passkey, call), ...(await welcomeMethod(trx, { userId, before, sessionId: actor.sessionId })) };
  });
}

/** @throws NotFound */
export async function renamePasskey({ db }: IdentityDeps, actor: Actor, { id, title, call }: { id: string; title: string; call: Call }): Promise<Passkey> {
  const { userId } = userOf(actor);
  return db.transaction().execute(async (trx) => {
    const before = await renamePasskeyRow(trx, { id, userId, title });
    if (before === undefined) throw unknown();
    await recordAudit(trx, actor, { action: 'passkey.renamed', object: { type: 'passkey', id, title }, before: { title: before }, after: { title } });
    const renamed = (await findPasskeys(trx, userId)).find((passkey) => passkey.id === id);
    if (!renamed) throw unknown();
    return shown(renamed, call);
  });
}

/** @throws NotFound, Conflict when the role requires a second factor and there is no other */
export async function removePasskey(deps: IdentityDeps, actor: Actor, { id, ...proof }: Proof & { id: string }): Promise<{ removed: true }> {
  const { id: userId } = await requireProof(deps, actor, proof);
  const required = await roleRequires(deps, actor);
  await deps.db.transaction().execute(async (trx) => {
    await lockMethods(trx, userId);
    const title = await deletePasskey(trx, { id, userId });
    if (title === undefined) throw unknown();
    await partWithMethod(trx, { userId, required });
    await recordAudit(trx, actor, { action: 'passkey.removed', object: { type: 'passkey', id, title } });
  });
  return { removed: true };
}
