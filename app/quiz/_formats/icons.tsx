/** Arrows of the buttons that move a step. */

function Arrow({ path }: { readonly path: string }) {
  return (
    <svg
      viewBox="0 0 16 16"
      width="16"
      height="16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={path} />
    </svg>
  );
}

export const UpIcon = () => <Arrow path="M8 13V3M4 7l4-4 4 4" />;
export const DownIcon = () => <Arrow path="M8 3v10M4 9l4 4 4-4" />;
