import Link from "next/link";
import { RightIcon, WrongIcon } from "@/app/_components/icons";
import { InlineMarkdown, Markdown } from "@/app/_components/markdown";
import { NamedReference } from "@/app/_components/named-reference";
import { StandingBar } from "@/app/_components/standing-bar";
import type { ExamReport, ReportItem, Share } from "@/lib/progress";
import { dayOf, EXAM_NAMES, percent } from "../exam-names";
import styles from "../exam.module.css";
import report from "./report.module.css";

/** What came of an exam, then each question option by option. */
export function Report({ report: exam, passMark }: { readonly report: ExamReport; readonly passMark: number }) {
  const score = percent(exam.right, exam.total);
  const minutes = Math.max(1, Math.round((exam.finishedAt.getTime() - exam.startedAt.getTime()) / 60_000));
  const open = exam.items.filter(({ result }) => result === "unanswered").length;
  return (
    <div className="page">
      <h1>
        {exam.right} of {exam.total} right
      </h1>
      <p className="lead">
        {EXAM_NAMES[exam.kind]} of {dayOf(exam.startedAt)}, in {minutes} {minutes === 1 ? "minute" : "minutes"}. That is {score} %,{" "}
        {score >= passMark ? "at or above" : "below"} your pass mark of {passMark} %; the real one is not published.
        {open > 0 && ` ${open} ${open === 1 ? "question was" : "questions were"} not answered.`}
      </p>
      <div className={report.tables}>
        <Shares title="By domain" shares={exam.domains} />
        <Shares title="By objective" shares={exam.objectives} areObjectives />
      </div>
      <section className={styles.section} aria-labelledby="questions">
        <h2 id="questions">Question by question</h2>
        <ol className={report.items}>
          {exam.items.map((item) => (
            <li key={item.place}>
              <OneItem item={item} />
            </li>
          ))}
        </ol>
      </section>
      <p className={styles.note}>
        <Link href="/exam">All exams</Link>
      </p>
    </div>
  );
}

function Shares({
  title,
  shares,
  areObjectives = false,
}: {
  readonly title: string;
  readonly shares: readonly Share[];
  readonly areObjectives?: boolean;
}) {
  return (
    <section>
      <h2>{title}</h2>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{areObjectives ? "Objective" : "Domain"}</th>
            <th scope="col" className={report.share}>
              <span className="visually-hidden">Share</span>
            </th>
            <th scope="col">Right</th>
          </tr>
        </thead>
        <tbody>
          {shares.map(({ id, title: name, right, total }) => (
            <tr key={id}>
              <th scope="row">
                <span className={report.code}>{id}</span>
                {areObjectives ? (
                  <Link href={`/quiz/objective-${id}`}>
                    <InlineMarkdown text={name} />
                  </Link>
                ) : (
                  name
                )}
              </th>
              <td className={report.share}>
                <StandingBar right={right} wrong={total - right} unseen={0} />
              </td>
              <td>
                {right}/{total}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const RESULTS: Readonly<Record<ReportItem["result"], string>> = {
  right: "Right",
  wrong: "Wrong",
  unanswered: "Not answered",
  withdrawn: "Not counted",
};

function OneItem({ item }: { readonly item: ReportItem }) {
  if (item.result === "withdrawn") return <p className={styles.note}>This question was revised or withdrawn since; it is not counted.</p>;
  return (
    <details className={report.item} data-result={item.result}>
      <summary>
        <span className={report.result}>
          {item.result === "right" ? <RightIcon /> : <WrongIcon />} {RESULTS[item.result]}
        </span>
        <span className={report.ask}>
          <InlineMarkdown text={theQuestion(item.stem)} />
        </span>
      </summary>
      <div className={report.body}>
        {theQuestion(item.stem) !== item.stem.trim() && <Markdown text={item.stem} />}
        <ul className={report.options}>
          {item.options.map((option, at) => (
            <li key={at} data-key={option.key ? "" : undefined}>
              <p>
                <InlineMarkdown text={option.text} />
              </p>
              <p
                className={report.said}
                data-wrong={option.counts && option.said !== "not-shown" && (option.said === "yes") !== option.key ? "" : undefined}
              >
                {saidOf(option, item)} It is <strong>{option.key ? "right" : "wrong"}</strong>.
              </p>
              <p className={report.why}>
                <InlineMarkdown text={option.why} />
              </p>
              {option.refs.map((reference) => (
                <p key={reference} className={report.source}>
                  <NamedReference reference={reference} />
                </p>
              ))}
            </li>
          ))}
        </ul>
        <p className={report.source}>
          Read on:{" "}
          {item.refs.map((reference, at) => (
            <span key={reference}>
              {at > 0 && ", "}
              <NamedReference reference={reference} />
            </span>
          ))}
          {item.labs.length > 0 && ". Try it: "}
          {item.labs.map(({ id, title }, at) => (
            <span key={id}>
              {at > 0 && ", "}
              <Link href={`/labs/${id}`}>{title}</Link>
            </span>
          ))}
        </p>
      </div>
    </details>
  );
}

function saidOf({ said, counts }: ReportItem["options"][number], { format, result }: ReportItem): string {
  if (said === "not-shown") return result === "unanswered" ? "You gave no answer." : "It was not shown: the question was decided.";
  if (format === "choice") return said === "yes" ? "You chose it." : "You did not choose it.";
  return `You said ${said}.${counts ? "" : " It did not count: the question was decided."}`;
}

/** The last paragraph of a stem asks. */
function theQuestion(stem: string): string {
  return (
    stem
      .trim()
      .split(/\n\s*\n/)
      .at(-1) ?? stem
  );
}
