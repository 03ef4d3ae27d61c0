"use client";

import { useId } from "react";
import { useKeys } from "@/app/_components/use-keys";
import type { FormatProps } from "./answering";
import { Options } from "./options";

const NUMBERS = ["no", "one", "two", "three", "four", "five", "six"];

/** One option or several. Digits choose. */
export function Choice({ question: { options, several, choose }, chosen, onChoose, told }: FormatProps<"choice">) {
  const name = useId();
  const toggle = (id: string): void => {
    if (!several) onChoose([id]);
    else onChoose(chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id]);
  };

  useKeys((key) => {
    const option = !told && /^[1-9]$/.test(key) ? options[Number(key) - 1] : undefined;
    if (option) toggle(option.id);
    return option !== undefined;
  });

  return (
    <Options
      name={name}
      legend={several ? `Choose ${NUMBERS[choose] ?? choose}` : "Choose one"}
      options={options}
      several={several}
      hasKeys
      chosen={chosen}
      onChoose={toggle}
      told={told?.options}
    />
  );
}
