import { invalid } from '../../failure';
import { find, findCustomer, idOf } from '../../find';
import { newCoupon, newPromotionCode } from '../../objects/coupon';
import { assertNamed, PAGING, pageOf } from '../lists';
import { merged, metadata } from '../metadata';
import {
  assertOnlyOne,
  currency,
  decimal,
  given,
  inner,
  maybe,
  moment,
  oneOf,
  range,
  text,
  textUpTo,
  truth,
  whole,
  type Param,
} from '../params';
import { route, theId } from '../route';

/** Coupons: what is taken off. */
export const coupons = [
  route(
    'POST',
    'coupons',
    {
      id: maybe(text),
      amount_off: maybe(whole(1)),
      currency: maybe(currency),
      duration: maybe(oneOf('forever', 'once', 'repeating')),
      duration_in_months: maybe(whole(1, 60)),
      max_redemptions: maybe(whole(1)),
      metadata: maybe(metadata),
      name: maybe(textUpTo(40)),
      percent_off: maybe(decimal(0.01, 100)),
      redeem_by: maybe(moment),
    },
    ({ world, params: { metadata: givenMetadata, ...values } }) => {
      if (values.percent_off === undefined && values.amount_off === undefined)
        throw invalid('Must provide percent_off or amount_off.', 'percent_off', 'parameter_missing');
      assertOnlyOne(values, 'percent_off', 'amount_off');
      if (values.redeem_by !== undefined && values.redeem_by <= world.now())
        throw invalid('Invalid redeem_by: must be in the future.', 'redeem_by');
      if (values.amount_off !== undefined && values.currency === undefined)
        throw invalid('Must provide currency when amount_off is provided.', 'currency', 'parameter_missing');
      if ((values.duration === 'repeating') !== (values.duration_in_months !== undefined))
        throw invalid(
          'You must provide `duration_in_months` if and only if `duration` is `repeating`.',
          'duration_in_months',
        );
      if (values.id !== undefined && world.coupons.has(values.id))
        throw invalid('Coupon already exists.', 'id', 'resource_already_exists');
      const coupon = world.add(
        'coupons',
        newCoupon(world, {
          ...given(values),
          duration: values.duration ?? 'once',
          metadata: merged({}, givenMetadata),
        }),
      );
      world.emit('coupon.created', coupon);
      return coupon;
    },
  ),
  route('GET', 'coupons/:id', {}, (request) => find(request.world, 'coupons', theId(request))),
  route('GET', 'coupons', { ...PAGING, created: maybe(range) }, ({ world, params }) =>
    pageOf(world.coupons.values(), params, '/v1/coupons', ({ created }) => params.created?.(created) ?? true),
  ),
];

/** Letters, digits and dashes (https://docs.stripe.com/api/promotion_codes/create#create_promotion_code-code). */
const codeText: Param<string> = (value, name) => {
  const code = textUpTo(500)(value, name);
  if (/^[A-Za-z0-9-]+$/.test(code)) return code;
  throw invalid('Promotion codes may only contain characters in (a-z, A-Z, 0-9) and dashes (-).', name);
};

/** Promotion codes: what customers type to get a coupon. */
export const promotionCodes = [
  route(
    'POST',
    'promotion_codes',
    {
      promotion: inner({ type: oneOf('coupon'), coupon: text }),
      active: maybe(truth),
      code: maybe(codeText),
      customer: maybe(text),
      expires_at: maybe(moment),
      max_redemptions: maybe(whole(1)),
      metadata: maybe(metadata),
    },
    ({ world, params: { metadata: givenMetadata, promotion, ...values } }) => {
      const coupon = find(world, 'coupons', promotion.coupon, 'promotion[coupon]');
      if (values.customer !== undefined) findCustomer(world, values.customer, 'customer');
      const taken = [...world.promotionCodes.values()].some(
        ({ active, code }) => active && code.toLowerCase() === values.code?.toLowerCase(),
      );
      if (taken)
        throw invalid('An active promotion code with `code` already exists.', 'code', 'resource_already_exists');
      const code = world.add(
        'promotionCodes',
        newPromotionCode(world, { ...given(values), coupon: coupon.id, metadata: merged({}, givenMetadata) }),
      );
      world.emit('promotion_code.created', code);
      return code;
    },
  ),
  route('GET', 'promotion_codes/:id', {}, (request) => find(request.world, 'promotionCodes', theId(request))),
  route('POST', 'promotion_codes/:id', { active: maybe(truth), metadata: maybe(metadata) }, (request) => {
    const {
      world,
      params: { metadata: givenMetadata, ...values },
    } = request;
    const code = find(world, 'promotionCodes', theId(request));
    const previous = world.alter('promotionCodes', code, {
      ...given(values),
      metadata: merged(code.metadata, givenMetadata),
    });
    if (previous) world.emit('promotion_code.updated', code, previous);
    return code;
  }),
  route(
    'GET',
    'promotion_codes',
    {
      ...PAGING,
      active: maybe(truth),
      code: maybe(text),
      coupon: maybe(text),
      created: maybe(range),
      customer: maybe(text),
    },
    ({ world, params }) => {
      assertNamed(world, params);
      return pageOf(
        world.promotionCodes.values(),
        params,
        '/v1/promotion_codes',
        ({ active, code, created, customer, promotion }) =>
          (params.active === undefined || params.active === active) &&
          (params.code === undefined || params.code.toLowerCase() === code.toLowerCase()) &&
          (params.created?.(created) ?? true) &&
          (params.coupon === undefined || params.coupon === idOf(promotion.coupon ?? '')) &&
          (params.customer === undefined || params.customer === idOf(customer ?? '')),
      );
    },
  ),
];
