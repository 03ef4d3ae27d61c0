/** A hull between the walls of a dock: red below the waterline. */
export function Logo() {
  return (
    <svg viewBox="0 0 32 32" width="24" height="24" aria-hidden="true">
      <path fill="currentColor" d="M2 4h4.5v20h19V4H30v24.5H2z" />
      <path fill="currentColor" d="M9.5 8.5h13V13h-13z" />
      <path fill="var(--hull)" d="M9.5 14.5h13L19.5 21h-7z" />
    </svg>
  );
}
