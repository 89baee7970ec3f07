import { TextInput } from '@mantine/core';
import { useState } from 'react';

interface TimesInputProps {
  label: string;
  times: string[];
  onChange: (times: string[]) => void;
}

/** Times of the day with commas between; what is half typed stays in the field. */
export function TimesInput({ label, times, onChange }: TimesInputProps) {
  const [text, setText] = useState(times.join(', '));
  const change = (typed: string) => {
    setText(typed);
    onChange(
      typed
        .split(',')
        .map((time) => time.trim())
        .filter((time) => time !== ''),
    );
  };
  return (
    <TextInput
      label={label}
      description="On the clocks of the zone, with commas between"
      placeholder="08:00, 18:30"
      value={text}
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}
