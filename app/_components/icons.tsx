/** Marks drawn with one stroke. They stand beside words, so they are hidden from screen readers. */

type Props = { readonly size?: number };

function Icon({ size = 16, path, isFull = false }: Props & { readonly path: string; readonly isFull?: boolean }) {
  return (
    <svg
      viewBox="0 0 16 16"
      width={size}
      height={size}
      fill={isFull ? "currentColor" : "none"}
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
export const BookmarkIcon = ({ isFull, ...props }: Props & { readonly isFull: boolean }) => (
  <Icon {...props} isFull={isFull} path="M4 2h8v12l-4-3.5L4 14z" />
);
export const FlagIcon = (props: Props) => <Icon {...props} path="M4 14V2.5h8l-2 3 2 3H4" />;
export const PenIcon = (props: Props) => <Icon {...props} path="M3 13l.7-3L10.5 3.2a1.3 1.3 0 0 1 2 2L5.8 12.2z" />;
