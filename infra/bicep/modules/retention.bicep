metadata description = 'How long captures are kept, by verdict. The lifecycle rules and the settings of the app are both derived from it.'

@description('0 for ever.')
@minValue(0)
@maxValue(36500)
type days = int

@export()
@description('Days after which captures of one verdict are deleted, e.g. { Empty: 7 }; 0 for never. What is left out follows the days of all.')
@sealed()
type daysByVerdict = {
  Complete: days?
  Lossy: days?
  LimitReached: days?
  Partial: days?
  Empty: days?
  Failed: days?
}

@export()
@description('The days of every verdict. All are named, since the app has defaults of its own.')
func daysOfEach(daysOfAll int, byVerdict daysByVerdict) object => {
  Complete: byVerdict.?Complete ?? daysOfAll
  Lossy: byVerdict.?Lossy ?? daysOfAll
  LimitReached: byVerdict.?LimitReached ?? daysOfAll
  Partial: byVerdict.?Partial ?? daysOfAll
  Empty: byVerdict.?Empty ?? daysOfAll
  Failed: byVerdict.?Failed ?? daysOfAll
}
