// The bases of common passwords: words, names, keyboard walks and phrases that lead the public lists of leaked passwords (the RockYou
// leak of 2009, SecLists' 10k-most-common, the NCSC list of Pwned Passwords of 2019), written down by hand. Leaked passwords of 12 and
// more characters are mostly one to three of these with digits, signs and look-alike letters around them: passwordFault takes those off
// first, so this list stands for many thousands of passwords.
export const commonBases: ReadonlySet<string> = new Set(
  `password passwort passwd pass parola contrasena motdepasse wachtwoord haslo senha admin administrator administrador root toor user guest test tester testing
  demo default system server service support manager master oracle mysql postgres database backup welcome willkommen bienvenue login logon letmein letme open
  access secret secure security private changeme change change it now please enter example sample temp temporary qwerty qwertz azerty asdf asdfgh zxcv zxcvbn
  qwer wasd qaz wsx edc rfv tgb abc abcd abcde abcdef iloveyou ilove love lover loveme loveyou you me my mine your the is are was for and not no yes so much very too
  i a to be or of in on at it we he she us our hello hi hey goodbye thankyou thank monkey dragon tiger lion eagle wolf bear dog cat kitty kitten puppy
  fish bird butterfly dolphin snoopy bunny rabbit turtle spider snake falcon phoenix sunshine sun moon star stars starwars sky rainbow flower flowers rose
  lily daisy summer winter spring autumn fall january february march april may june july august september october november december monday tuesday wednesday
  thursday friday saturday sunday princess prince king queen angel angels baby babygirl babyboy girl boy man woman lady mother father mommy daddy mom dad
  family friend friends bestfriend forever always never together michael jordan daniel david james john robert william richard thomas charles joseph mark paul george
  kevin brian jason matthew andrew anthony joshua justin ryan nicholas jonathan alexander alex chris christian christopher samuel benjamin jessica ashley jennifer
  amanda michelle nicole stephanie sarah elizabeth maria anna hannah samantha melissa andrea laura emily rachel rebecca victoria charlotte sophie julia natalie olivia emma
  maggie lucy chloe molly buster charlie max rocky bailey buddy lucky shadow ginger pepper cookie chocolate cheese banana apple orange cherry strawberry peanut
  butter coffee sugar candy sweet honey superman batman spiderman ironman hulk avengers marvel pokemon pikachu naruto mario sonic zelda minecraft fortnite gamer
  game games player football soccer baseball basketball hockey tennis golf cricket liverpool chelsea arsenal manchester united barcelona barca realmadrid madrid juventus milan
  dallas cowboys lakers yankees redsox steelers eagles patriots broncos ferrari porsche mercedes bmw audi toyota honda yamaha mustang corvette camaro harley
  davidson computer laptop internet google facebook twitter instagram linkedin youtube amazon microsoft windows apple iphone samsung android linux ubuntu
  internet wifi network hacker hack matrix trustno one two three trust jesus christ god godisgood blessed heaven church faith hope grace peace freedom liberty
  america canada mexico england london paris berlin germany deutschland france italia espana brazil india china japan russia australia newyork california texas
  florida chicago boston hamburg munich vienna money cash gold silver diamond dollar euro bank finance rich million lucky winner champion
  number first last new old big little black white red blue green yellow purple pink brown happy funny crazy sexy hot cool fire water earth wind storm thunder
  lightning ninja samurai warrior knight soldier army navy marine police sniper killer murder death devil satan demon evil dark ghost zombie vampire metallica
  slipknot nirvana eminem beatles elvis guitar music rock punk metal dance disco party whatever nothing something everything anything fuckyou fuck shit bitch asshole
  pussy dick penis sex porn company corporate business work office work job trading trader bloomberg reuters pipeline report data tidewheel`.split(/\s+/),
);

/** Walks over a keyboard and the alphabet, forwards; backwards counts too. */
export const commonRuns: readonly string[] = [
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
  'azertyuiopqsdfghjklmwxcvbn',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
  '1q2w3e4r5t6y7u8i9o0p',
  'qazwsxedcrfvtgbyhnujmikolp',
  '01234567890123456789',
];
