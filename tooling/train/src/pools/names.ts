const list = (text: string): string[] => text.trim().split(/\s+/)

export const firstNames: readonly string[] = list(`
Anna Ben Clara David Emma Felix Grace Hugo Ida Jonas Karin Leo Mia Noah Olga Paul Rosa Sam Tina Uwe Vera Will Xenia Yara
Zoe Adam Bella Carl Diana Erik Fiona George Helen Ivan Julia Kevin Laura Marco Nina Oscar Petra Quinn Ruth Simon Tara
Ursula Victor Wanda Amir Bianca Cyrus Daria Elias Farid Gina Hana Ilya Jade Kofi Lena Mateo Nadia Omar Priya Rahul Sofia
Tomas Usha Viktor Wei Ximena Yusuf Zara Alice Bruno Celia Dmitri Edith Franco Greta Hassan Ingrid Jorge Keiko Lukas
Maria Nils Olivia Pedro Rita Sven Theo Uma Vince Walter Yuki Zelda Andre Brigitte Conrad Dolores Emil Frida Gustav
Hilda Isaac Jasmin Kurt Lydia Magnus Norma Otto Paula Ralf Sarah Tobias Valerie Wilma Agnes Boris Carmen Dennis Elsa
Fabian Gloria Harold Irene Jakob Katya Louis Martha Nadine Oliver Pamela Rene Stella Timo Vivian Arthur Beatrice Cedric
Doris Edgar Flora Gavin Heidi Igor Joan Klara Lars Monica Nora Pascal Regina Sandra Thelma Ulrich Veronica Winston`)

export const lastNames: readonly string[] = list(`
Adams Baker Carter Dixon Evans Fischer Garcia Hansen Ito Jensen Keller Lopez Meyer Novak Olsen Park Quist Rossi Schmidt
Tanaka Ueda Vogel Weber Young Zimmer Abbott Bauer Cohen Duarte Ellis Ferrari Gruber Huang Ivanov Jung Kowalski Larsen
Moreau Nguyen Ortiz Petrov Ramos Santos Torres Ueno Varga Wagner Yamada Zhang Becker Costa Dubois Eriksen Fontaine Gomez
Hughes Iyer Jordan Kumar Lindberg Mendes Nakamura Oliveira Patel Reyes Silva Thomsen Urban Vasquez Wong`)

export const cities: readonly string[] = list(`
Paris London Berlin Madrid Rome Vienna Prague Warsaw Dublin Lisbon Oslo Helsinki Stockholm Athens Budapest Brussels
Amsterdam Zurich Geneva Munich Hamburg Cologne Milan Naples Turin Venice Barcelona Seville Valencia Porto Lyon Marseille
Nice Bordeaux Krakow Gdansk Bucharest Sofia Belgrade Zagreb Tallinn Riga Vilnius Minsk Kyiv Moscow Istanbul Ankara Cairo
Tunis Algiers Rabat Dakar Accra Lagos Nairobi Kampala Lusaka Harare Pretoria Durban Tokyo Osaka Kyoto Seoul Busan Beijing
Shanghai Shenzhen Taipei Manila Hanoi Bangkok Jakarta Singapore Delhi Mumbai Chennai Kolkata Karachi Lahore Dhaka Colombo
Kabul Tehran Baghdad Riyadh Doha Dubai Muscat Toronto Montreal Ottawa Vancouver Calgary Boston Chicago Denver Dallas
Houston Austin Miami Atlanta Seattle Portland Phoenix Detroit Memphis Havana Panama Bogota Medellin Quito Lima Cusco
Santiago Valparaiso Rosario Montevideo Asuncion Brasilia Recife Salvador Curitiba Sydney Melbourne Perth Brisbane
Auckland Wellington Hobart Reykjavik Bergen Malmo Aarhus Leipzig Dresden Bremen Salzburg Graz Basel Bern Ghent Bruges`)

export const countries: readonly string[] = list(`
France Germany Spain Italy Austria Poland Ireland Portugal Norway Finland Sweden Greece Hungary Belgium Brazil Chile Peru
Canada Mexico Kenya Ghana Egypt Japan Korea China Vietnam Thailand India Nepal Iran Qatar Oman Turkey Latvia Estonia
Iceland Malta Cyprus Cuba Bolivia Ecuador Uganda Zambia Namibia Tunisia Morocco Jordan Fiji Samoa Mongolia`)
