import { Alert, Button, Group, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { attributesOf } from '@tidewheel/contract/access';
import type { Permission } from '@tidewheel/contract/route';
import { type FormEvent, useState } from 'react';
import { MemberField } from '../../../shared/access/MemberField.tsx';
import { permissionChoices, permissionWords } from '../../../shared/access/permission-words.ts';
import { type ObjectOfWhy, WhyAnswer } from '../../../shared/access/WhyPanel.tsx';
import { Loaded } from '../../../shared/Loaded.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { meQuery } from '../../../shared/session.ts';
import { AccessTabs } from '../AccessTabs.tsx';
import { type Question, whyQuery } from '../access.queries.ts';

const objects: ObjectOfWhy[] = ['flow', 'run', 'artifact', 'connection', 'credential', 'target', 'file'];

/** May this member do that, on that object, and why. */
export function AccessCheckPage() {
  const me = useQuery(meQuery).data;
  const [user, setUser] = useState(me?.email ?? '');
  const [permission, setPermission] = useState<Permission>('flow.run');
  const [type, setType] = useState<ObjectOfWhy | null>(null);
  const [object, setObject] = useState('');
  const [asked, setAsked] = useState<Question | null>(null);
  const types = objects.filter((one) => permission.startsWith(`${one}.`) || attributesOf(permission).includes(one));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked({ permission, ...(user === '' ? {} : { user }), ...(type && object !== '' ? { type, object } : {}) });
  };
  return (
    <>
      <PageHeader title="Roles and access" />
      <AccessTabs here="/admin/access" />
      <section className="tw-card" style={{ padding: 16, maxWidth: 860 }}>
        <form onSubmit={submit}>
          <Group align="flex-end" grow preventGrowOverflow={false}>
            <MemberField label="May" value={user} onChange={setUser} />
            <Select
              label="do this"
              searchable
              data={permissionChoices}
              value={permission}
              allowDeselect={false}
              onChange={(value) => {
                setPermission((value ?? permission) as Permission);
                setType(null);
              }}
            />
            <Select
              label="on"
              placeholder="anything"
              clearable
              data={types}
              value={type}
              disabled={types.length === 0}
              onChange={(value) => setType(value as ObjectOfWhy | null)}
            />
            {type && <TextInput label="Name or id" required value={object} onChange={(event) => setObject(event.currentTarget.value)} />}
            <Button type="submit" style={{ flexGrow: 0 }}>
              Check
            </Button>
          </Group>
        </form>
      </section>
      {asked && <Answer question={asked} />}
    </>
  );
}

function Answer({ question }: { question: Question }) {
  const why = useQuery(whyQuery(question));
  return (
    <section className="tw-card" style={{ padding: 16, maxWidth: 860, marginTop: 16 }} aria-label="Answer">
      <Loaded query={why} lines={3}>
        {(answer) => (
          <>
            <Alert
              mb="sm"
              variant="light"
              color={answer.allowed ? 'teal' : 'red'}
              styles={{ title: { color: 'var(--mantine-color-text)' } }}
              title={`${answer.user.email} ${answer.allowed ? 'may' : 'may not'}: ${permissionWords[answer.permission]}${answer.object ? `, on ${answer.object.type} ${answer.object.title}` : ''}`}
            />
            <WhyAnswer why={answer} />
          </>
        )}
      </Loaded>
    </section>
  );
}
