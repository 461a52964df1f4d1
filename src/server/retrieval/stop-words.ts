/** Words of a question that name nothing in a database. */
export const stopWords: ReadonlySet<string> = new Set(
  `a about above across actually after again against all also along although always am among an and another any anyone anything are around as ask at
  be because become been before being below between both but by can cannot could did do does doing done down during each either else ever every
  everyone everything few find for from further get getting give given goes going got had has have having he hence her here hers him his how however
  i if in indeed instead into is it its itself just keep kept let like list many may maybe me might mine more most much must my myself near need never no
  nobody none nor not nothing now of off often on once one ones only onto or other others our ours out over own per perhaps please put quite rather
  really respectively same say see seem shall she should show since so some somebody someone something still such tell than that the their theirs them
  themselves then there therefore these they this those though through thus to together too toward towards under unless until up upon us use used using
  very via want was we well were what whatever whether which while whom whose why will with within without would yes yet you your yours`.split(
    /\s+/,
  ),
);
