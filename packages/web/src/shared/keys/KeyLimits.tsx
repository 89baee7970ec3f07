import { MultiSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Rule } from '@tidewheel/contract/access';
import type { Permission } from '@tidewheel/contract/route';
import { meQuery } from '../session.ts';
import { type ScopeChoice, scopeOf, speaksOfFlows } from './scope-lines.ts';

export interface LimitChoice extends ScopeChoice {
  /** As typed: addresses and networks. Empty: from everywhere. */
  networks: string;
}
export const noLimits: LimitChoice = { permissions: [], flows: '', networks: '' };

/** As the API takes them. */
export function limitsOf(choice: LimitChoice): { scope: Rule[] | null; networks: string[] | null } {
  const networks = choice.networks.split(/[\s,]+/).filter(Boolean);
  return { scope: scopeOf(choice), networks: networks.length > 0 ? networks : null };
}

/** What a key may do, on which flows and from where. `holder`: as the sentence goes on: all that … may do. */
export function KeyLimits({ value, onChange, holder }: { value: LimitChoice; onChange: (value: LimitChoice) => void; holder: string }) {
  const mine = useQuery(meQuery).data?.permissions ?? [];
  return (
    <>
      <MultiSelect
        label="What it may do"
        description={`Nothing chosen: all that ${holder} may do. A key never does more than that.`}
        data={[...mine].toSorted()}
        value={value.permissions}
        onChange={(permissions) => onChange({ ...value, permissions: permissions as Permission[] })}
        searchable
        clearable
      />
      {value.permissions.some(speaksOfFlows) && (
        <TextInput
          label="On which flows"
          description="Their names, with * for all that begin so; empty: every flow."
          placeholder="load-*, daily-report"
          value={value.flows}
          onChange={(event) => onChange({ ...value, flows: event.currentTarget.value })}
        />
      )}
      <TextInput
        label="From which networks"
        description="Addresses and networks; empty: from everywhere."
        placeholder="10.20.0.0/16"
        value={value.networks}
        onChange={(event) => onChange({ ...value, networks: event.currentTarget.value })}
      />
    </>
  );
}
