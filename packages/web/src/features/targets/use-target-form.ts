import { useMutation, useQueryClient } from '@tanstack/react-query';
import { createTarget, tryTarget, updateTarget } from '@tidewheel/client/routes';
import type { TransportInfo } from '@tidewheel/contract/routes/targets';
import type { TargetDetail, TargetSystem } from '@tidewheel/contract/target';
import { useState } from 'react';
import { type FormValues, givenValues } from '../../form/form-values.ts';
import { type FormErrors, validateValues } from '../../form/validate.ts';
import { api } from '../../shared/api.ts';
import { factsFrom, factText } from './fact-text.ts';

export interface TargetFields {
  name: string;
  title: string;
  description: string;
  os: TargetSystem;
  address: string;
  transport: string;
  settings: FormValues;
  credential: string | null;
  via: string;
  dependsOn: string[];
  category: string;
  tags: string[];
  groups: string[];
  facts: string;
}

function fieldsOf(target: TargetDetail | null, transports: readonly TransportInfo[]): TargetFields {
  if (target) {
    const { name, title, description, os, address, transport, settings, credential, via, dependsOn, category, tags, groups } = target;
    return {
      name,
      title,
      description,
      os,
      address,
      transport,
      settings,
      credential,
      via: via ?? '',
      dependsOn,
      category: category ?? '',
      tags,
      groups,
      facts: factText(target.facts),
    };
  }
  const empty = { name: '', title: '', description: '', address: '', credential: null, via: '', dependsOn: [], category: '', tags: [], groups: [], facts: '' };
  return { ...empty, os: 'linux', transport: usualTransport(transports, 'linux'), settings: {} };
}

export function usualTransport(transports: readonly TransportInfo[], os: TargetSystem): string {
  return (transports.find((one) => one.os[0] === os) ?? transports.find((one) => one.os.includes(os)))?.kind ?? '';
}

interface UseTargetForm {
  target: TargetDetail | null;
  transports: readonly TransportInfo[];
  onSaved: (saved: TargetDetail) => void;
}

/** The state of a host's form: its fields, the test of what stands there, and saving. */
export function useTargetForm({ target, transports, onSaved }: UseTargetForm) {
  const queries = useQueryClient();
  const [fields, setFields] = useState(() => fieldsOf(target, transports));
  const [errors, setErrors] = useState<FormErrors>({});
  const transport = transports.find(({ kind }) => kind === fields.transport);
  const set = (part: Partial<TargetFields>) => setFields((old) => ({ ...old, ...part }));
  const name = fields.name.trim();
  const reach = {
    os: fields.os,
    address: fields.address.trim() || name,
    transport: fields.transport,
    settings: givenValues(fields.settings),
    credential: fields.credential,
    via: fields.via.trim() || null,
  };
  const { title, description, dependsOn, tags, groups } = fields;
  const body = { ...reach, title, description, dependsOn, tags, groups, category: fields.category.trim() || null, facts: factsFrom(fields.facts) };
  const save = useMutation({
    mutationFn: () => (target ? api.call(updateTarget, { params: { target: target.id }, body }) : api.call(createTarget, { body: { ...body, name } })),
    onSuccess: async (saved) => {
      await queries.invalidateQueries({ queryKey: ['targets'] });
      onSaved(saved);
    },
  });
  const test = useMutation({ mutationFn: () => api.call(tryTarget, { body: { ...reach, ...(target ? { target: target.id } : {}) } }) });
  /** Runs the mutation only when the settings are right. */
  const checked = async (mutation: typeof save | typeof test) => {
    const found = transport ? await validateValues(transport.settings, reach.settings) : {};
    setErrors(found);
    if (Object.keys(found).length === 0) mutation.mutate();
  };
  return { fields, set, errors, transport, save, test, submit: () => checked(save), tryOut: () => checked(test) };
}
