import { Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { sendSignal } from '@tidewheel/client/routes';
import { InvalidInput } from '@tidewheel/contract/errors';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { FormDialog } from '../../shared/FormDialog.tsx';
import { announce } from '../../shared/notify.ts';

/** Asks what the step is to get with its signal. */
export function SignalDialog({ run, name, onClose }: { run: string; name: string; onClose: () => void }) {
  const queries = useQueryClient();
  const [text, setText] = useState('');
  const send = useMutation({
    mutationFn: async () => api.call(sendSignal, { params: { id: run, name }, body: jsonOf(text) }),
    onSuccess: async ({ step }) => {
      announce(step === null ? 'It is kept until a step waits for it.' : `${step} goes on.`);
      onClose();
      await queries.invalidateQueries({ queryKey: ['runs'] });
    },
  });
  return (
    <FormDialog title={`Send the signal ${name}`} onClose={onClose} mutation={send} action="Send">
      <Textarea
        label="Data"
        description="JSON that the step hands on as its value; may be empty"
        className="tw-mono"
        autosize
        minRows={3}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        data-autofocus
      />
    </FormDialog>
  );
}

function jsonOf(text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new InvalidInput('input.json', `This is not valid JSON: ${(cause as Error).message}`, { hint: 'A text needs its quotes: "yes".', cause });
  }
}
