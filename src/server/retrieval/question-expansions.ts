/** Words of questions, and the words of schemas that they tend to ask for. */
export const questionExpansions: ReadonlyMap<string, readonly string[]> = new Map(
  `age birth | old age birth | older age | oldest age birth | young age | younger age | youngest age birth | born birth
  where location address city country place | located location address city country | live address city country residence | lives address city country residence
  living address city | when date time year | recent date time | recently date time | latest date time | earliest date time | month date | quarter date | who name person
  heavy weight | heavier weight | heaviest weight | weigh weight | weighs weight | tall height | taller height | tallest height | short height length
  shortest height length duration | long length duration | longest length duration | expensive price cost | cheap price cost | cheaper price cost | cheapest price cost
  earn salary wage earnings | earns salary wage earnings | earned salary earnings | wage salary | paid payment amount salary | pay payment salary amount | pays payment amount
  cost price amount | costs price cost amount | worth price value | fast speed time | faster speed time | fastest speed time | big size area | biggest size area
  large size area | largest size area population | populous population | email mail | gender sex | sex gender | male gender sex | female gender sex | men gender sex
  women gender sex | rating score stars | rated rating score | title name | titled title name | named name | called name | nationality country | citizenship nationality country
  speak language | speaks language | spoken language | teach teacher course | teaches teacher course | taught teacher course | enrolled enrollment registration
  work employee employment job | works employee employment job | employed employee employment | staff employee | attend attendance | attended attendance | buy purchase order
  bought purchase order | ordered order | purchased purchase order | sell sale | sells sale | sold sale order | revenue sale amount | own owner | owns owner | owned owner
  belong owner | win winner | wins winner win | won winner win | lost loser loss | wrote author writer | written author writer | write author writer | directed director
  produced producer manufacturer | made maker manufacturer | makes maker manufacturer | play player | played player play | fly flight | flies flight | treated treatment patient
  prescribed prescription medication | hired hire | departs departure source | departing departure source | arrive arrival destination | arriving arrival destination
  client customer | clients customer | supplier vendor | vendor supplier | boss manager supervisor | happen event date | happened event date`
    .split(/[|\n]/)
    .map((entry) => entry.trim().split(/\s+/))
    .map(([word = '', ...asked]) => [word, asked] as const),
);
