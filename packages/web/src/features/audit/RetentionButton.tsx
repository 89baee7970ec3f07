import { Alert, Button, Modal, NumberInput, Radio, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { showRetention, updateRetention } from '@tidewheel/client/routes';
import type { AuditRetention } from '@tidewheel/contract/routes/audit';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { Loaded } from '../../shared/Loaded.tsx';
import { SubmitForm } from '../../shared/SubmitForm.tsx';
import { useCan } from '../../shared/session.ts';

/** How long contents are kept, for those who may set it. */
export function RetentionButton() {
  const mayEdit = useCan('audit.edit');
  const [opened, dialog] = useDisclosure(false);
  const query = useQuery({ queryKey: ['audit', 'retention'], queryFn: () => api.call(showRetention, {}), enabled: opened });
  if (!mayEdit) return null;
  return (
    <>
      <Button variant="default" size="sm" onClick={dialog.open}>
        Retention
      </Button>
      <Modal opened={opened} onClose={dialog.close} title="How long contents are kept" centered>
        <Loaded query={query} lines={3}>
          {(retention) => <RetentionForm retention={retention} onDone={dialog.close} />}
        </Loaded>
      </Modal>
    </>
  );
}

const sevenYears = 2_555;

function RetentionForm({ retention, onDone }: { retention: AuditRetention; onDone: () => void }) {
  const queries = useQueryClient();
  const [days, setDays] = useState(retention.days);
  const save = useMutation({
    mutationFn: () => api.call(updateRetention, { body: { days } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['audit'] });
      onDone();
    },
  });
  return (
    <SubmitForm mutation={save} action="Save">
      <Text size="sm">
        Who, when and what are erased after that time. The entry keeps its place in the signed tree, so the proof of all others still holds.
      </Text>
      <Radio.Group aria-label="Keep contents" value={days === null ? 'ever' : 'days'} onChange={(choice) => setDays(choice === 'ever' ? null : sevenYears)}>
        <Stack gap="xs">
          <Radio value="ever" label="For ever" />
          <Radio value="days" label="For some days" />
        </Stack>
      </Radio.Group>
      {days !== null && (
        <NumberInput label="Days" min={30} max={36_500} allowDecimal={false} required value={days} onChange={(value) => setDays(Number(value))} />
      )}
      {days !== null && (
        <Alert color="yellow" variant="light" styles={{ message: { color: 'var(--mantine-color-text)' } }}>
          Contents older than that are erased within the hour. That cannot be undone.
        </Alert>
      )}
    </SubmitForm>
  );
}
