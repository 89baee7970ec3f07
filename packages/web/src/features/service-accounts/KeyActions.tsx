import { Button, Group, NumberInput, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { revokeServiceKey, rotateServiceKey } from '@tidewheel/client/routes';
import type { ServiceKey } from '@tidewheel/contract/routes/service-accounts';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { ConfirmButton } from '../../shared/ConfirmButton.tsx';
import { FormDialog } from '../../shared/FormDialog.tsx';
import { KeySecret } from './KeySecret.tsx';

export function KeyActions({ slug, serviceKey }: { slug: string; serviceKey: ServiceKey }) {
  const queries = useQueryClient();
  const [opened, dialog] = useDisclosure(false);
  const revoke = useMutation({
    mutationFn: () => api.call(revokeServiceKey, { params: { slug, id: serviceKey.id } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['service-accounts'] }),
  });
  return (
    <Group gap={6} justify="flex-end" wrap="nowrap">
      <Button size="xs" variant="default" onClick={dialog.open} aria-label={`Rotate ${serviceKey.title}`}>
        Rotate
      </Button>
      <ConfirmButton
        size="xs"
        ask={{ title: `Revoke the key ${serviceKey.title}?`, text: 'Whatever uses it stops working at once.', confirm: 'Revoke', isDanger: true }}
        mutation={revoke}
        aria-label={`Revoke ${serviceKey.title}`}
      >
        Revoke
      </ConfirmButton>
      {opened && <RotateDialog slug={slug} id={serviceKey.id} onClose={dialog.close} />}
    </Group>
  );
}

function RotateDialog({ slug, id, onClose }: { slug: string; id: string; onClose: () => void }) {
  const queries = useQueryClient();
  const [days, setDays] = useState(90);
  const [overlapHours, setOverlapHours] = useState(24);
  const rotate = useMutation({ mutationFn: () => api.call(rotateServiceKey, { params: { slug, id }, body: { days, overlapHours } }) });
  const close = () => {
    onClose();
    void queries.invalidateQueries({ queryKey: ['service-accounts'] });
  };
  if (rotate.data) return <KeySecret secret={rotate.data.token} onClose={close} />;
  return (
    <FormDialog title="Rotate the key" onClose={onClose} mutation={rotate} action="Rotate">
      <Text size="sm">A new key with the same limits takes its place. The old one goes on for a while, so that programs can change over.</Text>
      <NumberInput
        label="The old one goes on for (hours)"
        description="0: it ends at once."
        min={0}
        max={720}
        allowDecimal={false}
        value={overlapHours}
        onChange={(value) => setOverlapHours(Number(value) || 0)}
      />
      <NumberInput
        label="The new one is valid for (days)"
        min={1}
        max={366}
        allowDecimal={false}
        value={days}
        onChange={(value) => setDays(Number(value) || 1)}
      />
    </FormDialog>
  );
}
