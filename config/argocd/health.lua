-- How Argo CD tells the health of an AppTier: by the conditions that Tierwall keeps, which follow kstatus.
local health = { status = "Progressing", message = "Tierwall has not looked at it yet" }
if obj.status == nil or obj.status.conditions == nil then
  return health
end
-- What is said of an older spec counts no more.
if obj.status.observedGeneration ~= obj.metadata.generation then
  health.message = "Tierwall has not looked at the latest change yet"
  return health
end

local found = {}
for _, condition in ipairs(obj.status.conditions) do
  found[condition.type] = condition
end
local function holds(name)
  return found[name] ~= nil and found[name].status == "True"
end

if holds("Stalled") then
  health.status = "Degraded"
  health.message = found.Stalled.message
elseif holds("Reconciling") then
  health.message = found.Reconciling.message
elseif holds("Ready") then
  health.status = "Healthy"
  health.message = found.Ready.message
  -- A peer that is not there yet is no fault of this tier.
  if found.PeersResolved ~= nil and found.PeersResolved.status == "False" then
    health.message = health.message .. ". " .. found.PeersResolved.message
  end
elseif found.Ready ~= nil then
  health.message = found.Ready.message
end
return health
