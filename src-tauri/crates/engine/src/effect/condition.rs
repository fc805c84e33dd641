//! The condition that binds a copy to its source, and what is done where none is of use: some
//! servers ignore it, others refuse it though nothing changed.

use partway_domain::planted::{self, Bug};
use partway_domain::{Event, Failure, FailureKind};
use partway_journal::Change;
use partway_journal::table::transfer::Pin;
use partway_protocol::op::Conditions;

use super::{Obstacle, Step};
use crate::capability::{conditions_of, evidence};
use crate::driver::run::Run;

/// How often a refusal is met with an unchanged source before the condition is to blame. Once
/// may be a server whose machines do not all know the object yet.
const REFUSALS_BELIEVED: u32 = 2;

impl Run {
    /// What every copy of this source demands; nothing of a server that cannot keep to it.
    pub(super) fn condition(&self, pin: &Pin) -> Result<Conditions, Obstacle> {
        if planted::is(Bug::DropPin) {
            return Ok(Conditions::None);
        }
        Ok(match self.known()?.conditions_useless(pin.plan.method) {
            Some(_) => Conditions::None,
            None => Conditions::matching(pin.etag.clone()),
        })
    }

    /// A copy failed: where its condition was refused, looks whether the source changed at all.
    /// If not, it is tried again, and in the end without the condition. `None` if the failure
    /// means something else.
    pub(super) async fn doubt_condition(
        &mut self,
        pin: &Pin,
        failure: &Failure,
    ) -> Result<Option<Step>, Obstacle> {
        // A copy that is refused without a condition gets no third chance.
        if !is_refused_condition(failure) || self.tries.conditions_refused >= REFUSALS_BELIEVED {
            return Ok(None);
        }
        self.compare_exactly(pin).await?;
        self.tries.conditions_refused += 1;
        if self.tries.conditions_refused < REFUSALS_BELIEVED {
            self.heard(None, failure);
            return Ok(Some(Step::plain(Event::Located)));
        }
        let side = &self.route.destination;
        let evidence = format!(
            "{} to a copy-source-if-match though HEAD shows the source unchanged",
            evidence(failure)
        );
        let told = self.missing(&format!(
            "{evidence}: the source is looked at again instead"
        ));
        self.shared
            .note_absence(
                &side.account.id,
                &side.bucket,
                conditions_of(pin.plan.method),
                evidence,
            )
            .await?;
        Ok(Some(Step::with(Event::Located, vec![Change::Event(told)])))
    }

    /// What the verdict says where the source was bound by looking at it rather than by the
    /// server's own condition.
    pub(super) fn pinned_by_head(&self, evidence: String) -> Result<String, Obstacle> {
        let useless = match self.pin() {
            Some(pin) => self.known()?.conditions_useless(pin.plan.method).cloned(),
            None => None,
        };
        Ok(match useless {
            Some(learned) => format!(
                "{evidence}; source unchanged by HEAD before and after, for conditions on copies are of no use here ({})",
                learned.evidence
            ),
            None => evidence,
        })
    }
}

/// The server's own word that its condition does not hold, not something we found out.
fn is_refused_condition(failure: &Failure) -> bool {
    let named = failure
        .code
        .as_deref()
        .is_some_and(|code| code.eq_ignore_ascii_case("PreconditionFailed"));
    failure.kind == FailureKind::SourceChanged && (failure.status == Some(412) || named)
}
