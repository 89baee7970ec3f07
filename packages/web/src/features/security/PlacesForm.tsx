import { Text, Textarea } from '@mantine/core';
import type { SecuritySettings } from '@tidewheel/contract/routes/security';
import { useState } from 'react';
import { SubmitForm } from '../../shared/SubmitForm.tsx';
import { useSaveSecurity } from './use-save-security.ts';

const lines = (text: string) =>
  text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** Where connections may go besides public addresses. */
export function EgressForm({ settings }: { settings: SecuritySettings }) {
  const [text, setText] = useState(settings.egressAllow.join('\n'));
  const save = useSaveSecurity('The list is saved; it holds for the next connection.');
  const submission = { ...save, mutate: () => save.mutate({ egressAllow: lines(text) }) };
  return (
    <SubmitForm mutation={submission} action="Save the list" side="left">
      <Textarea
        label="Hosts, addresses and networks"
        description="One a line: idp.corp.example, *.corp.example:8443, 10.20.0.0/16, [fd00::5]:443. Public addresses need none; metadata services of clouds open by their very address only."
        placeholder="None"
        autosize
        minRows={3}
        maxRows={14}
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {settings.egressAllowFixed.length > 0 && (
        <Text size="xs" c="dimmed">
          Allowed by TIDEWHEEL_EGRESS_ALLOW as well: {settings.egressAllowFixed.join(', ')}
        </Text>
      )}
    </SubmitForm>
  );
}

/** Web sites whose scripts may call the API. */
export function OriginsForm({ settings }: { settings: SecuritySettings }) {
  const [text, setText] = useState(settings.corsOrigins.join('\n'));
  const save = useSaveSecurity('The web sites are saved.');
  const submission = { ...save, mutate: () => save.mutate({ corsOrigins: lines(text) }) };
  return (
    <SubmitForm mutation={submission} action="Save the web sites" side="left">
      <Textarea
        label="Origins"
        description="One a line, like https://portal.example.com. Their scripts call with an API token of their own; nobody's cookie is ever taken from them."
        placeholder="None: only our own pages"
        autosize
        minRows={2}
        maxRows={10}
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
    </SubmitForm>
  );
}
