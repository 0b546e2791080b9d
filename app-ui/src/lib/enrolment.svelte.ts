// A sign-in link that came with the address, until it is used.
let link = $state('');

export const enrolment = {
  get link(): string {
    return link;
  },
  set link(to: string) {
    link = to;
  },
};
