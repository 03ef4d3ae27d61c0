/** The body of every refusal. The status says which class of error it is; moby: api/types/error_response.go. */

export type ErrorResponse = { readonly message: string };
