export const reservationReleased = () => ({
  __typename: 'ReservationReleasedError' as const,
  message: 'The reservation of this order was given back or lapsed, and cannot come back.',
  path: ['input', 'orderId'],
});
