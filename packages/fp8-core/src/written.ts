/**
 * What a function gives that writes into `out`: that very array, or without it a `New` one. Web APIs such as Blob and
 * crypto.subtle take no memory that may be shared, so the type says where it is not.
 *
 * `NoInfer`: `Out` is the type of the argument only, whatever the place wants that the result goes to.
 */
export type Written<Out, New> = Out extends undefined ? New : NoInfer<Out>
