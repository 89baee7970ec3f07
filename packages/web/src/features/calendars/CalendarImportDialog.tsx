import { FileInput, Group, NumberInput, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { previewCalendarImport } from '@tidewheel/client/routes';
import type { ImportPreview } from '@tidewheel/contract/routes/calendars';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { DataTable } from '../../shared/DataTable.tsx';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { FormDialog } from '../../shared/FormDialog.tsx';
import { Loaded } from '../../shared/Loaded.tsx';
import { ScrollBox } from '../../shared/ScrollBox.tsx';
import classes from './CalendarImportDialog.module.css';

type Dates = ImportPreview['dates'];

/** Reads a file, shows what it found, and hands the dates to the form: nothing is saved here. */
export function CalendarImportDialog({ onTake, onClose }: { onTake: (dates: Dates) => void; onClose: () => void }) {
  const thisYear = new Date().getUTCFullYear();
  const [file, setFile] = useState<File | null>(null);
  const [from, setFrom] = useState(thisYear - 1);
  const [to, setTo] = useState(thisYear + 5);
  const read = useQuery({
    queryKey: ['calendar-import', file?.name, file?.size, file?.lastModified, from, to],
    queryFn: () => api.call(previewCalendarImport, { query: { from, to }, body: file as File }),
    enabled: file !== null,
    retry: false,
    gcTime: 0,
  });
  const dates = read.data?.dates ?? [];
  const take = useMutation({ mutationFn: async () => onTake(dates), onSuccess: onClose });
  return (
    <FormDialog
      title="Import dates"
      size="lg"
      onClose={onClose}
      mutation={take}
      action={dates.length === 1 ? 'Add one date' : `Add ${dates.length.toLocaleString('en')} dates`}
      disabled={dates.length === 0}
      note="They are saved with the calendar."
    >
      <FileInput
        label="CSV or ICS file"
        description="CSV: date,name with 2026-12-31 or 31.12.2026. At most 5 MB."
        placeholder="Choose a file"
        classNames={{ placeholder: classes['placeholder'] ?? '' }}
        accept=".csv,.ics,.txt,text/csv,text/calendar"
        value={file}
        onChange={setFile}
        clearable
      />
      <Group gap="sm">
        <NumberInput
          label="Recurring events from"
          w={170}
          hideControls
          value={from}
          onChange={(value) => typeof value === 'number' && value > 1899 && setFrom(value)}
        />
        <NumberInput label="until" w={120} hideControls value={to} onChange={(value) => typeof value === 'number' && value > 1899 && setTo(value)} />
      </Group>
      {file && (read.error ? <ErrorNotice error={read.error} /> : <Loaded query={read}>{(found) => <Found found={found} />}</Loaded>)}
    </FormDialog>
  );
}

function Found({ found: { dates, faults, faultCount } }: { found: ImportPreview }) {
  return (
    <>
      {faultCount > 0 && (
        <div role="status">
          <Text size="sm" fw={600}>
            {faultCount.toLocaleString('en')} {faultCount === 1 ? 'line is' : 'lines are'} left out
          </Text>
          <ul style={{ margin: 0, paddingLeft: 18, fontSize: 13 }}>
            {faults.slice(0, 8).map(({ line, message }) => (
              <li key={`${line} ${message}`}>
                Line {line}: {message}
              </li>
            ))}
          </ul>
        </div>
      )}
      {dates.length > 0 && (
        <ScrollBox label="Dates found" style={{ maxHeight: 280 }}>
          <DataTable
            label="Dates found"
            rows={dates.slice(0, 200)}
            rowKey={({ date }) => date}
            columns={[
              { key: 'date', title: 'Date', isHead: true, render: ({ date }) => date },
              { key: 'name', title: 'Name', isWide: true, render: ({ name }) => name },
            ]}
          />
        </ScrollBox>
      )}
      {dates.length > 200 && <Text size="sm">and {(dates.length - 200).toLocaleString('en')} more</Text>}
    </>
  );
}
