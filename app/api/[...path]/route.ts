import { refuse } from "@/app/_server/http";

const nothing = (): Response => refuse(404, "no-such-route", "There is nothing at this address.");

export { nothing as DELETE, nothing as GET, nothing as PATCH, nothing as POST, nothing as PUT };
