import type { ReactNode } from 'react';

/** What an input of a form shows around its value. */
export interface InputProps {
  label: string;
  description?: ReactNode;
  error?: ReactNode;
  name?: string;
  placeholder?: string | undefined;
  withAsterisk?: boolean;
  disabled?: boolean | undefined;
}
