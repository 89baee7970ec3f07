/** The mark: a wheel on a wave. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 32 32"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.1"
      strokeLinecap="round"
      aria-hidden="true"
      focusable="false"
    >
      <circle cx="16" cy="12" r="8.6" />
      <circle cx="16" cy="12" r="1.9" fill="currentColor" stroke="none" />
      <path d="M16 3.4v4.2M16 16.4v4.2M7.4 12h4.2M20.4 12h4.2M9.9 5.9l3 3M19.1 15.1l3 3M22.1 5.9l-3 3M12.9 15.1l-3 3" />
      <path d="M2.6 26c2.2-2.8 4.5-2.8 6.7 0s4.5 2.8 6.7 0 4.5-2.8 6.7 0 4.5 2.8 6.7 0" />
    </svg>
  );
}
