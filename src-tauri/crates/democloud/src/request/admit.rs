//! Who may go on: signature, the wrapping of the body, region, and what can be refused without
//! knowing the state.

use crate::auth;
use crate::call::{Call, Form};
use crate::lock;
use crate::operate::{self, elsewhere};
use crate::operation::Operation;
use crate::options::Provider;
use crate::refusal::Refusal;
use crate::world::World;

/// Lets a request in, and leaves its body as it was before it was wrapped for the way.
pub(super) fn admit(world: &World, call: &mut Call, operation: Operation) -> Result<(), Refusal> {
    let probe = operation == Operation::HeadApiVersion && call.provider == Provider::Obs;
    if probe {
        return Ok(());
    }
    if auth::is_anonymous(call) {
        let store = lock(world.store(call.provider));
        return operate::readable_by_all(call, operation, &store, &world.library);
    }
    let now = world.now(call.provider);
    let (endpoint, temporary) = {
        let lease = lock(world.lease(call.provider));
        auth::claimed(call, world.endpoints.of(call.provider), &lease, now)?
    };
    auth::check(call, &endpoint, now)?;
    auth::unwrap_body(call, &endpoint)?;
    call.temporary = temporary;
    if call.form == Form::S3 {
        region(world, call)?;
    }
    operate::precheck(call, operation)
}

/// An S3 request must be signed for the region where its bucket lives.
fn region(world: &World, call: &Call) -> Result<(), Refusal> {
    let right = operate::region_of(call, &lock(world.store(call.provider)));
    let signed = auth::scope_region(call).unwrap_or_default();
    if signed == right {
        return Ok(());
    }
    Err(elsewhere::refusal(call, &right, &signed))
}
