// Whom a rule means for an event, by name and by what he is to it.
import { Id } from '@tidewheel/contract/identifiers';
import type { RuleRecipients, TeamContent } from '@tidewheel/contract/notify';
import type { Trx } from '../trx.ts';
import type { EventFacts } from './facts.ts';
import { findApprovers, findPeople, findPreferences, findWatchers, type Person } from './people.store.ts';

export interface Hit {
  facts: EventFacts;
  slug: string;
  to: RuleRecipients;
}

export interface Meant {
  person: Person;
  /** `started the run`: the sentence says why he is told. */
  because: string;
  asWatcher: boolean;
}

/** Everybody that a batch of hits can mean, read at once. */
export class Roster {
  readonly #byId = new Map<string, Person>();
  readonly #byEmail = new Map<string, Person>();
  readonly #byRole: Map<string, Person[]>;
  readonly #watchers: Map<string, string[]>;
  readonly #approvers: Map<string, string[]>;
  readonly #teams: ReadonlyMap<string, TeamContent>;
  readonly preferences: Awaited<ReturnType<typeof findPreferences>>;

  private constructor(
    people: Person[],
    {
      watchers,
      approvers,
      teams,
      preferences,
    }: {
      watchers: Map<string, string[]>;
      approvers: Map<string, string[]>;
      teams: ReadonlyMap<string, TeamContent>;
      preferences: Awaited<ReturnType<typeof findPreferences>>;
    },
  ) {
    for (const person of people) {
      this.#byId.set(person.id, person);
      this.#byEmail.set(person.email, person);
    }
    this.#byRole = new Map([...new Set(people.flatMap(({ roles }) => roles))].map((role) => [role, people.filter(({ roles }) => roles.includes(role))]));
    this.#watchers = watchers;
    this.#approvers = approvers;
    this.#teams = teams;
    this.preferences = preferences;
  }

  static async load(
    trx: Trx,
    { workspaceId, hits, teams }: { workspaceId: string; hits: readonly Hit[]; teams: ReadonlyMap<string, TeamContent> },
  ): Promise<Roster> {
    const named = hits.flatMap(({ to }) => [to, ...to.teams.flatMap((team) => teams.get(team) ?? [])]);
    const watched = hits.flatMap(({ to, facts }) => (to.watchers && facts.flow && facts.kind.startsWith('run.') ? [facts.flow.slug] : []));
    const watchers = await findWatchers(trx, { workspaceId, flows: [...new Set(watched)] });
    const approvers = await findApprovers(trx, { workspaceId, asked: hits.flatMap(({ to, facts }) => (to.approvers ? askedIn(facts) : [])) });
    const starters = hits.flatMap(({ to, facts }) => (to.starter && facts.run?.startedById ? [facts.run.startedById] : []));
    const owners = hits.flatMap(({ to, facts }) => (to.owner ? [ownerOf(facts)] : [])).filter((email) => email !== '');
    const people = await findPeople(trx, {
      workspaceId,
      ids: [...new Set([...starters, ...[...watchers.values(), ...approvers.values()].flat()])],
      emails: [...new Set([...owners, ...named.flatMap((one) => one.people)])],
      roles: [...new Set(named.flatMap((one) => one.roles))],
    });
    const preferences = await findPreferences(trx, { workspaceId, users: people.map(({ id }) => id) });
    return new Roster(people, { watchers, approvers, teams, preferences });
  }

  get ids(): string[] {
    return [...this.#byId.keys()];
  }

  /** Each once, with the first reason that there is. */
  peopleOf({ facts, to }: Hit): Meant[] {
    const meant = new Map<string, Meant>();
    const add = (person: Person | undefined, because: string, asWatcher = false) => {
      if (person && !meant.has(person.id)) meant.set(person.id, { person, because, asWatcher });
    };
    if (to.watchers) for (const id of this.#watchers.get(facts.flow?.slug ?? '') ?? []) add(this.#byId.get(id), 'you watch the flow', true);
    if (to.starter) add(this.#byId.get(facts.run?.startedById ?? ''), facts.run?.isInHisName ? 'the run was started in your name' : 'you started the run');
    if (to.owner) add(this.#byEmail.get(ownerOf(facts)), facts.flow ? 'you own the flow' : 'you saved the search');
    if (to.approvers) for (const id of this.#approvers.get(facts.id) ?? []) add(this.#byId.get(id), 'you may decide');
    for (const email of to.people) add(this.#byEmail.get(email), 'a rule names you');
    for (const role of to.roles) for (const person of this.#byRole.get(role) ?? []) add(person, `a rule names the role ${role}`);
    for (const slug of to.teams) {
      const team = this.#teams.get(slug);
      for (const email of team?.people ?? []) add(this.#byEmail.get(email), `you are in the team ${team?.title}`);
      for (const role of team?.roles ?? []) for (const person of this.#byRole.get(role) ?? []) add(person, `your role is in the team ${team?.title}`);
    }
    return [...meant.values()];
  }

  /** Of those who have no account here; who has one is told as himself. */
  addressesOf({ to }: Hit): string[] {
    const all = [...to.addresses, ...to.teams.flatMap((slug) => this.#teams.get(slug)?.addresses ?? [])];
    return [...new Set(all)].filter((address) => !this.#byEmail.has(address));
  }
}

/** By e-mail; of a match, who saved the search. Only the engine raises that kind, so nobody can have another told. */
function ownerOf({ flow, kind, data }: EventFacts): string {
  return flow?.owner ?? (kind === 'color.matched' && typeof data['owner'] === 'string' ? data['owner'] : '');
}

/** Others than the engine raise events too, and say of them what they like. */
function askedIn({ id, object, data }: EventFacts): { event: string; run: string; step: string }[] {
  const isAsked = object?.type === 'run' && Id.safeParse(object.id).success && typeof data['step'] === 'string';
  return isAsked ? [{ event: id, run: object.id, step: String(data['step']) }] : [];
}
