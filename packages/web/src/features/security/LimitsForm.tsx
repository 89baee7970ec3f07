import { Alert, Group, NumberInput, Text } from '@mantine/core';
import type { Rate, RateClass, SecuritySettings } from '@tidewheel/contract/routes/security';
import { useState } from 'react';
import { SubmitForm } from '../../shared/SubmitForm.tsx';
import { useSaveSecurity } from './use-save-security.ts';

const classes: { name: RateClass; title: string; about: string }[] = [
  { name: 'open', title: 'Without a sign-in', about: 'of each address' },
  { name: 'signedIn', title: 'Signed in', about: 'of each user, API token or service account' },
  { name: 'expensive', title: 'Expensive', about: 'of those: previews, validations, tests, exports' },
  { name: 'messages', title: 'Live messages', about: 'of each open page' },
];
const megabyte = 1024 ** 2;

/** How often somebody may call, and how much may be uploaded. */
export function LimitsForm({ settings }: { settings: SecuritySettings }) {
  const [rates, setRates] = useState(settings.rates);
  const [uploadMb, setUploadMb] = useState(Math.round(settings.uploadMaxBytes / megabyte));
  const [uploads, setUploads] = useState(settings.uploadsPerWorkspace);
  const save = useSaveSecurity('The limits are saved; every process follows within seconds.');
  const set = (name: RateClass, changed: Partial<Rate>) => setRates({ ...rates, [name]: { ...rates[name], ...changed } });
  const submit = () => {
    // What was not touched stays as it is, to the byte.
    const isSameSize = uploadMb === Math.round(settings.uploadMaxBytes / megabyte);
    save.mutate({ rates, uploadsPerWorkspace: uploads, ...(isSameSize ? {} : { uploadMaxBytes: uploadMb * megabyte }) });
  };
  return (
    <SubmitForm mutation={{ ...save, mutate: submit }} action="Save the limits" side="left">
      {!settings.ratesEnforced && (
        <Alert color="yellow" title="Rates are not enforced" styles={{ title: { color: 'var(--mantine-color-text)' } }}>
          This server runs with TIDEWHEEL_RATE_LIMITS=off: what you set here holds once that is taken away.
        </Alert>
      )}
      {classes.map(({ name, title, about }) => (
        <Group key={name} gap="sm" align="flex-end">
          <div style={{ width: 260 }}>
            <Text size="sm" fw={600}>
              {title}
            </Text>
            <Text size="xs" c="dimmed">
              {about}
            </Text>
          </div>
          <NumberInput
            label="Requests per second"
            aria-label={`${title}: requests per second`}
            required
            w={170}
            min={0.1}
            max={100_000}
            value={rates[name].perSecond}
            onChange={(value) => set(name, { perSecond: Number(value) || 0.1 })}
          />
          <NumberInput
            label="At once"
            aria-label={`${title}: at once`}
            required
            w={130}
            min={1}
            max={1_000_000}
            allowDecimal={false}
            value={rates[name].burst}
            onChange={(value) => set(name, { burst: Number(value) || 1 })}
          />
        </Group>
      ))}
      <Group gap="sm" align="flex-end">
        <NumberInput
          label="Largest upload (MB)"
          required
          w={170}
          min={1}
          max={900_000}
          allowDecimal={false}
          value={uploadMb}
          onChange={(value) => setUploadMb(Number(value) || 1)}
        />
        <NumberInput
          label="Uploads of a workspace at once"
          required
          w={260}
          min={1}
          max={1_000}
          allowDecimal={false}
          value={uploads}
          onChange={(value) => setUploads(Number(value) || 1)}
        />
      </Group>
    </SubmitForm>
  );
}
