/** Marks drawn with one stroke. They stand beside words, so they are hidden from screen readers. */

type Props = { readonly size?: number };

function Icon({ size = 16, path }: Props & { readonly path: string }) {
  return (
    <svg
      viewBox="0 0 16 16"
      width={size}
      height={size}
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

export const RightIcon = (props: Props) => <Icon {...props} path="M3 8.5 6.5 12 13 4.5" />;
export const WrongIcon = (props: Props) => <Icon {...props} path="M4 4l8 8M12 4l-8 8" />;
export const WaitIcon = (props: Props) => <Icon {...props} path="M4 8h8" />;
export const ArrowIcon = (props: Props) => <Icon {...props} path="M3 8h10M9 4l4 4-4 4" />;
export const PlusIcon = (props: Props) => <Icon {...props} path="M8 3v10M3 8h10" />;
export const SearchIcon = (props: Props) => <Icon {...props} path="M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM10.7 10.7 14 14" />;
