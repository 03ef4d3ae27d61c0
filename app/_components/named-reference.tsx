import "server-only";
import { allSources } from "@/app/_server/content";
import { splitReference } from "@/lib/content";
import { Reference } from "./reference";

/** A source under its title. For what the server renders: the list of titles stays there. */
export async function NamedReference({ reference }: { readonly reference: string }) {
  return <Reference reference={reference} source={(await allSources()).get(splitReference(reference).at)} />;
}
