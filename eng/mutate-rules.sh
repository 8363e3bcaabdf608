#!/usr/bin/env bash
# Breaks each rule of the engine once, in a throw-away copy, and demands that the model of tests/Ringback.Engine.Tests/Model sees it.
# Prints a table of what was broken and after how many stories that was seen; fails where a mutation does not apply, does not compile or is not seen.
# Usage: eng/mutate-rules.sh [PATTERN]    PATTERN: only the mutations whose rule and words it matches, such as 'D7|moved'
# Bounded: at most RINGBACK_MODEL_STORIES stories (default 4000) and 180 s for each mutation; a quarter of an hour in all on two idle cores.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
only=${1:-}
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
export RINGBACK_MODEL_SEED=${RINGBACK_MODEL_SEED:-1} RINGBACK_MODEL_STORIES=${RINGBACK_MODEL_STORIES:-4000}

(cd "$root" && tar -c --exclude=./artifacts --exclude=./data --exclude=./.git --exclude=node_modules .) | tar -x -C "$copy"
cd "$copy"
build() { dotnet build "$1" -c Release --no-restore --nologo -v quiet -p:RunAnalyzers=false -p:TreatWarningsAsErrors=false "${@:2}" >build.log 2>&1; }
play() { timeout 180 dotnet artifacts/bin/Ringback.Engine.Tests/release/Ringback.Engine.Tests.dll -noColor -class '*ModelTests' >play.log 2>&1; }
dotnet restore tests/Ringback.Engine.Tests >/dev/null
build tests/Ringback.Engine.Tests || { cat build.log; exit 1; }
play || { echo "The model fails before anything is broken:"; cat play.log; exit 1; }

open=0 closed=0
# broken RULE WORDS FILE SED: applies the expression to the file below src/Ringback.Engine and plays stories.
broken() {
  local rule=$1 words=$2 file=src/Ringback.Engine/$3 result
  [[ "$rule $words" =~ $only ]] || return 0
  cp "$file" original
  sed -E -i "$4" "$file"
  if cmp -s "$file" original; then result="**does not apply**"
  # The tests see the engine's types unchanged, so its file alone is built anew and put beside them.
  elif ! build src/Ringback.Engine; then result="**does not compile**: $(grep -m 1 -o 'error.*' build.log)"
  else
    cp artifacts/bin/Ringback.Engine/release/Ringback.Engine.dll artifacts/bin/Ringback.Engine.Tests/release/
    if play; then result="**not seen**"
    elif grep -q 'Story [0-9]* of seed' play.log; then result="story $(grep -o -m 1 'Story [0-9]* of seed' play.log | grep -o '[0-9]*')"
    else result="**not seen**: $(tail -n 1 play.log)"; fi
  fi
  cp original "$file"
  if [[ $result == story* ]]; then closed=$((closed + 1)); else open=$((open + 1)); fi
  echo "| $rule | $words | $result |"
}

echo "| Rule | What was broken | Seen by |"
echo "|---|---|---|"
c=Callbacks/CallbackQueue
broken B1 "UPCOMING is not remembered as decided" $c.Clock.cs 's/callback\.Upcoming = UpcomingStatus\.Decided;//'
broken B1 "a wait of exactly the threshold is low" Notifications/NotificationRules.cs 's/wait < threshold\.TotalSeconds/wait <= threshold.TotalSeconds/'
broken B1 "an unknown wait is low" Notifications/NotificationRules.cs 's/waitSeconds is \{ \} wait \&\& wait < threshold/(waitSeconds ?? 0) < threshold/'
broken B1 "the clock does not wake a scheduled callback at the threshold" $c.Clock.cs 's/Scheduled when callback\.AwaitsUpcoming \&\& /Scheduled when false \&\& callback.AwaitsUpcoming \&\& /'
broken B1 "the wait of a scheduled callback leaves out the time until then" $c.Clock.cs 's/Math\.Max\(inLine, \(callback\.DesiredAt - now\)\.TotalSeconds\)/inLine/'
broken B1 "a settings change does not reach callbacks that wait" $c.Settings.cs 's/callback\.ThresholdWakeDone = false;/continue;/'
broken B2 "a low wait at create is not final" $c.Create.cs 's/\? UpcomingStatus\.LowAtCreate : UpcomingStatus\.Undecided/? UpcomingStatus.Undecided : UpcomingStatus.Undecided/'
broken B3 "UPCOMING although the purge comes first" Notifications/NotificationRules.cs 's/turnAt < longestAt \&\& turnAt < closesAt/turnAt < closesAt/'
broken B3 "UPCOMING although business ends first" Notifications/NotificationRules.cs 's/turnAt < longestAt \&\& turnAt < closesAt/turnAt < longestAt/'
broken B3 "UPCOMING for a desired time at which it is closed" $c.Clock.cs 's/LongestAt\(callback\), LastTurnBefore\(callback\)\)/LongestAt(callback), ClosesAt(callback))/'
broken B1 "a second UPCOMING after the move to another opening" Callbacks/Callback.cs 's/if \(Upcoming == UpcomingStatus\.NoTime\) Upcoming =/Upcoming =/'
broken B3 "without time once is without time for ever" Callbacks/Callback.cs 's/is UpcomingStatus\.Undecided or UpcomingStatus\.NoTime/is UpcomingStatus.Undecided/'
broken B4 "READY while a live interaction is ahead" $c.Ready.cs 's/ \&\& live\.LiveAhead\(first\.LiveTicket\) == 0//'
broken B4 "agents who took a call-in since the report count as ready" $c.Ready.cs 's/live\.AgentsReady - TakenSinceReport/live.AgentsReady/'
broken B4 "READY and call-ins outstanding do not count" $c.Ready.cs 's/ - TakenSinceReport\) - inFlight;/ - TakenSinceReport);/'
broken B4 "a third READY" $c.Clock.cs 's/ReadyRounds = 2/ReadyRounds = 3/'
broken B4 "purged at the first READY that runs out" $c.Clock.cs 's/ReadyRounds = 2/ReadyRounds = 1/'
w=Callbacks/CallbackQueue.Wishes.cs
broken B4 "a READY that was given up counts as run out" $w 's/if \(IsReady\(callback\)\) callback\.ReadyRound\+\+;//'
broken B5 "call-in data are given out anew while they hold" $c.Ready.cs 's/given\.ExpiresAt > now\) return given/given.ExpiresAt > now.AddDays(1)) return given/'
broken B5 "a call is matched after its data have expired" $c.Ready.cs 's/ \|\| callIn\.ExpiresAt <= now\)/)/'
broken B5 "READY ends although call-in data hold" $c.Ready.cs 's/callIn\.ExpiresAt > readyEndsAt \? callIn\.ExpiresAt : readyEndsAt/readyEndsAt/'
broken B6 "no PURGED" $c.Clock.cs 's/Decide\(callback, PushDraft\.Purged\(wireReason\), now\);//'
broken B6 "PURGED where an outcome stays unknown" $c.Clock.cs 's/else Complete\(callback, CompletionReason\.OutcomeUnknown, now\)/else Purge(callback, CompletionReason.OutcomeUnknown, "UNKNOWN", now)/'
broken B7 "no ATTEMPT_FAILED" $c.Attempts.cs 's/Decide\(callback, PushDraft\.AttemptFailed\(.*$//'
broken B8 "one attempt too many" $c.Attempts.cs 's/number < settings\.MaxAttempts/number <= settings.MaxAttempts/'
broken B8 "no FINAL" $c.Attempts.cs 's/Decide\(callback, PushDraft\.FinalAttemptFailed\(.*$//'
broken B9 "the first target hears nothing" $c.cs 's/for \(var ordinal = 0;/for (var ordinal = 1;/'
broken B10 "pointless pushes are not withdrawn" $c.cs 's/Withdraw\(callback, draft\.MakesPointless\);//'
broken D1 "PROCESSING never ends by itself" $c.Clock.cs 's/ProcessingSince!\.Value\.AddSeconds\(settings\.MaxProcessingSeconds\)/ProcessingSince!.Value.AddDays(9)/'
broken D2 "later live calls push a callback back" Queues/LiveState.cs 's/\(int\)Math\.Clamp\(ticket - DeparturesTotal, 0, InteractionsWaiting\)/ticket < 0 ? 0 : InteractionsWaiting/'
broken D2 "a callback that waits for a retry is ahead of others" $c.cs 's/Queued when callback\.ReturnsAt is null/Queued/'
broken D2 "priority has no limit" $c.Create.cs 's/Math\.Clamp\(\(long\)points \* settings\.PrioritySeconds, .*\) \* 1_000_000/(long)points * settings.PrioritySeconds * 1_000_000/'
broken D2 "the last comes first" Queues/WaitingLine.cs 's/one\.SortKey\.CompareTo\(other\.SortKey\)/other.SortKey.CompareTo(one.SortKey)/'
broken D2 "a scheduled callback stands where it was asked for, not where it is due" $c.Create.cs 's/arrival\.ToMicroseconds\(\) - PriorityShift/now.ToMicroseconds() - PriorityShift/'
broken D2 "a scheduled callback arrives with the live calls of its create" $c.Clock.cs 's/c => c\.Place\.LiveTicket = live\.TicketForArrival/_ => { }/'
broken D3 "mode1 looks back on 31" Queues/LiveState.cs 's/DeparturesKept = 32/DeparturesKept = 31/'
broken D3 "mode2 by agents who are ready" Queues/IWaitPredictor.cs 's/live\.MeanHandlingSeconds, live\.AgentsLoggedIn, 0/live.MeanHandlingSeconds, Math.Max(1, live.AgentsReady), 0/'
broken D3 "mode3 scaled to one place less" Queues/IWaitPredictor.cs 's/InteractionsWaiting \+ 1, 0\)/InteractionsWaiting + 2, 0)/'
broken D3 "no agents is told as no interactions" Queues/IWaitPredictor.cs 's/AgentsLoggedIn: 0 \} => noAgents/AgentsLoggedIn: 0 } => noInteractions/'
broken D3 "divided before it is multiplied" Queues/WaitEstimate.cs 's/Seconds \* position \/ Places/Seconds \/ Places * position/'
broken D4 "a report that comes twice counts twice" Queues/LiveState.cs 's/if \(report\.ReportId is \{ \} id .*$//'
broken D4 "an older report counts" Queues/LiveState.cs 's/if \(report\.ReportedAt is not null .*$//'
broken D5 "an agent gets a second callback" $c.Attempts.cs 's/if \(liveByAgent\.TryGetValue\(agent, out var held\)\) return Offer\(held\);//'
broken D5 "an attempt is extended although its agent has another" $c.Attempts.cs 's/\&\& !ReferenceEquals\(other, callback\)\)$/\&\& false)/'
broken D5 "more in flight than the cap" $c.Attempts.cs 's/inFlight >= settings\.InFlightCap/inFlight > settings.InFlightCap/'
broken D5 "an unknown outcome is answered by dialling again" $c.Clock.cs 's/else Complete\(callback, CompletionReason\.OutcomeUnknown, now\)/else Move(callback, CallbackState.Queued)/'
broken D5 "an unknown outcome is not held" $c.Clock.cs 's/attempt\.LeaseEndsAt\.AddSeconds\(settings\.UnknownOutcomeHoldSeconds\)/attempt.LeaseEndsAt/'
broken D5 "the same outcome again is refused" $c.Attempts.cs 's/if \(outcome == attempt\.Outcome\) return attempt\.Answer!;//'
broken D5 "a second outcome is taken" $c.Attempts.cs 's/if \(outcome != AttemptOutcome\.Completed\) return Problems.*$//'
broken D6 "the wrong pause after BUSY" $c.Attempts.cs 's/AttemptOutcome\.Busy => settings\.RetrySeconds\.Busy/AttemptOutcome.Busy => settings.RetrySeconds.NoAnswer/'
broken D6 "INVALID_NUMBER is tried again" $c.Attempts.cs 's/GiveUp\(callback, \+\+callback\.AttemptsMade, outcome, CompletionReason\.InvalidNumber, now\);/Retry(callback, AttemptOutcome.Busy, now);/'
broken D6 "the fifth trunk error in a row ends" $c.Attempts.cs 's/MaxTrunkErrors = 6/MaxTrunkErrors = 5/'
broken D6 "trunk errors need not be in a row" $c.Attempts.cs 's/callback\.TrunkErrorsInRow = 0;//'
broken D6 "a trunk error uses an attempt up" $c.Attempts.cs 's/(var retryAt = now\.AddSeconds\(settings\.RetrySeconds\.TrunkError\);)/\1 callback.AttemptsMade++;/'
broken D6 "a retry that the purge forestalls is promised" $c.Hours.cs 's/retryAt < PurgeAt\(callback\) \? retryAt : .*;/retryAt;/'
broken D7 "the longest time counts from create" $c.Hours.cs 's/callback\.DesiredAt\.AddSeconds\(settings\.MaxTimeInQueueSeconds\)/callback.CreatedAt.AddSeconds(settings.MaxTimeInQueueSeconds)/'
broken D7 "a retry stops the purge" $c.Clock.cs 's/returns < PurgeAt\(callback\) => returns/returns > default(DateTimeOffset) => returns/; s/Queued when PurgeAt\(callback\) <= now/Queued when callback.ReturnsAt is null \&\& PurgeAt(callback) <= now/'
broken D7 "closing ends no wait" $c.Hours.cs 's/closes < longest \? closes : longest/closes < default(DateTimeOffset) ? closes : longest/'
broken D7 "moved more often than the queue says" $c.Hours.cs 's/ \|\| callback\.Reschedules >= settings\.MaxReschedules//'
broken D7 "moved although the queue does not say so" $c.Hours.cs 's/!settings\.RescheduleOnPurge \|\| //'
broken D7 "moved into the opening that has just ended for it" $c.Hours.cs 's/opening\.Start > deadline/opening.Start > default(DateTimeOffset)/'
broken B6 "PURGED although it was moved" $c.Hours.cs 's/if \(reason != "RETRY"\) Withdraw/Decide(callback, PushDraft.Purged(reason), now); if (reason != "RETRY") Withdraw/'
broken D7 "new hours that have it closed end no wait" $c.Settings.cs 's/EndWaitsIfClosed\(now\);//'
broken D7 "a desired time that new hours have closed is kept" $c.Clock.cs 's/TurnAwayIfClosed\(callback, now\);//'
broken B10 "UPCOMING goes out although the callback was snoozed" $w 's/Withdraw\(callback, pointlessOnceSnoozed\);//'
broken B10 "pushes about the old turn go out after a reschedule" $w 's/Withdraw\(callback, PushDraft\.PointlessOnceConnected\);//'
broken B5 "call-in data hold after a reschedule" $w 's/^        EndCallInData\(callback, now\);//'
broken B5 "call-in data hold after cancel" $c.Create.cs 's/EndCallInData\(callback, now\);//'
broken B9 "an additional target hears nothing" $w 's/callback\.TargetCount = filled\.Count;//'
broken B9 "a push for a target that was taken away goes out" $w 's/Change\.TargetsReplaced\(callbackId, filled\)/Change.TargetsReplaced(callbackId, [.. filled.Select(t => t ?? slots[0] ?? slots[^1])])/'
broken B9 "a callback without targets gets some" $w 's/if \(callback\.TargetCount == 0\)$/if (callback.TargetCount < 0)/'
broken D2 "a snoozed callback stays in line" $w 's/c => c\.ReturnsAt = until\)/_ => { })/'
broken D2 "a snooze cuts a longer pause short" $w 's/ \&\& returns >= until\)/ \&\& returns == until)/'
broken D7 "a snooze reaches beyond the longest time" $w 's/until >= PurgeAt\(callback\)\)$/until >= DateTimeOffset.MaxValue)/'
broken D7 "whoever is being dialled is rescheduled" $w 's/ \&\& !IsReady\(callback\)\) return/ \&\& callback.State != CallbackState.Routing) return/'
broken D7 "a supervisor's purge is silent" $w 's/Purge\(callback, CompletionReason\.Administrator, "ADMINISTRATOR", now\)/Complete(callback, CompletionReason.Administrator, now)/'
broken D7 "a supervisor purges whoever is being dialled" $w 's/if \(purge \&\& callback\.State is not \(CallbackState\.Scheduled or CallbackState\.Queued\)\)$/if (purge \&\& callback.State is CallbackState.Processing or CallbackState.Completed)/'
broken D7 "the agent holds on to a callback that was cancelled" $c.Create.cs 's/GiveUpOn\(callback, now\);//'
broken D8 "taken although it is closed" $c.Slots.cs 's/if \(!calendar\.IsOpen\(time\)\) return .*$//'
broken D2 "a moved callback keeps the place of its old time" Callbacks/Callback.cs 's/at\.ToMicroseconds\(\) - \(DesiredAt/DesiredAt.ToMicroseconds() - (DesiredAt/'
broken D7 "PROCESSING is cancelled" $c.Create.cs 's/callback\.State is CallbackState\.Processing or CallbackState\.Completed/callback.State is CallbackState.Completed/'
broken D7 "pushes that wait go out after cancel" $c.Create.cs 's/Withdraw\(callback, PushEvents\.All\);//'
broken D7 "a late outcome after cancel is an event" $c.Attempts.cs 's/callback\.State == CallbackState\.Completed \? Late\(attempt, outcome, now\) : Apply/false ? Late(attempt, outcome, now) : Apply/'
broken D9 "a number waits twice" $c.Create.cs 's/if \(settings\.OneActivePerNumber \&\& .*$//'
broken D9 "of several callbacks of one number only the first is remembered" Callbacks/WaitingNumbers.cs 's/if \(!list\.Contains\(callback\)\) list\.Add\(callback\);//; s/if \(list\.Count == 0\) others\.Remove\(number\);/others.Remove(number);/; s/first\[number\] = callback = list\[0\]/first.Remove(number)/'
broken D9 "a limit is not asked" $c.Create.cs 's/if \(throttle\.Judge\(.*$//'
broken D9 "a number has no limit" Callbacks/CreateThrottle.cs 's/WaitFor\(settings\.MaxCreatesPerNumberPerHour, now\)/WaitFor(0, now)/'
broken D9 "the queue has no limit" Callbacks/CreateThrottle.cs 's/WaitFor\(settings\.MaxCreatesPerMinute, now\)/WaitFor(0, now)/'
broken D9 "a refusal counts too" Callbacks/CreateThrottle.cs 's/^        Forget\(now\);/        Forget(now); Add(number, now);/'
broken D9 "one more than the limit" Callbacks/SlidingWindow.cs 's/times\.Count < most\)/times.Count <= most)/'
broken D9 "the hour ends a moment late" Callbacks/SlidingWindow.cs 's/oldest <= now - span/oldest < now - span/'
broken D9 "told to come again when the newest is over" Callbacks/SlidingWindow.cs 's/ElementAt\(times\.Count - most\)/ElementAt(times.Count - 1)/'
broken D9 "a new limit does not count what came before it" $c.Settings.cs 's/throttle\.Use\(settings, callbacks\.Values, now\);/throttle.Use(settings, [], now);/'
broken restart "what was taken lately is forgotten" $c.cs 's/throttle\.Use\(settings, callbacks\.Values, now\);//'
m=$c.Merge.cs
broken C1 "whoever called in is called all the same" $m 's/Move\(callback, CallbackState\.Processing,/Move(callback, CallbackState.Queued,/'
broken C1 "of several callbacks the last in line is merged" $m 's/ThenBy\(c => c\.Place\.SortKey\)/ThenByDescending(c => c.Place.SortKey)/'
broken C1 "one that is to come is merged before one in line" $m 's/OrderByDescending\(c => c\.State\)/OrderBy(c => c.State)/'
broken C1 "a conversation begins twice" $m 's/c\.State != CallbackState\.Processing\)/c.State != CallbackState.Completed)/'
broken C1 "a request is used twice" $m 's/if \(request is not null \&\& speaking\.Any.*$//'
broken C1 "pushes about the turn go out although the customer called" $m 's/Withdraw\(callback, PushDraft\.PointlessOnceConnected\);//'
broken C1 "the pause before a retry outlives the call" $m 's/, c\.ReturnsAt\) = \(used, now, null, null\)/) = (used, now, null)/'
broken B5 "call-in data hold after a merge" $m 's/if \(request is not null\) EndCallInData\(callback, now\);//'
broken D5 "the dialler's attempt stays beside the call" $m 's/callback\.Attempt is \{ \} underWay \? Connected\(underWay\) : //'
broken D5 "what another queue was faster with is not taken back" $c.Agents.cs 's/if \(held\.IsNew\) ReportOutcome.*$/if (held.IsNew) { }/'
broken D5 "a lease lives again although another queue was faster" $c.Agents.cs 's/attempt with \{ State = AttemptState\.Unknown, LeaseEndsAt = now \}\);/attempt);/'
broken restart "the standing among live calls is lost" Callbacks/Callback.cs 's/new LinePlace\(r\.Id, r\.SortKey\) \{ LiveTicket = r\.LiveTicket \}/new LinePlace(r.Id, r.SortKey)/'
broken restart "trunk errors in a row are forgotten" Callbacks/Callback.cs 's/TrunkErrorsInRow = r\.TrunkErrorsInRow,//'
broken restart "what became of UPCOMING is forgotten" Callbacks/Callback.cs 's/Upcoming = r\.Upcoming,//'
broken restart "the end of READY is forgotten" Callbacks/Callback.cs 's/ReadyEndsAt = r\.ReadyEndsAt,//'
broken restart "who holds an attempt is forgotten" $c.cs 's/Hold\(callbacks\[attempt\.CallbackId\], attempt\);/callbacks[attempt.CallbackId].Attempt = attempt;/'
broken alarm "the next alarm comes a second late" $c.Clock.cs 's/if \(entry\.Stamp == entry\.Callback\.DueStamp\) return at;/if (entry.Stamp == entry.Callback.DueStamp) return at.AddSeconds(1);/'
echo
echo "$closed seen, $open open; at most $RINGBACK_MODEL_STORIES stories of seed $RINGBACK_MODEL_SEED for each."
[[ $open -eq 0 ]]
