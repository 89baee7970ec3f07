import { Autocomplete } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { listUsers } from '@tidewheel/client/routes';
import { api } from '../api.ts';
import { useCan } from '../session.ts';

/** The e-mail address of a member; those who may see the users get them offered. */
export function MemberField({ label, value, onChange }: { label: string; value: string; onChange: (email: string) => void }) {
  const canRead = useCan('user.read');
  const users = useQuery({ queryKey: ['users'], queryFn: () => api.call(listUsers), enabled: canRead });
  const data = [...new Set((users.data ?? []).map((user) => user.email))];
  return <Autocomplete label={label} description="E-mail address of a member" required data={data} limit={20} value={value} onChange={onChange} />;
}
