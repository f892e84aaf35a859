import * as v from '../pools/values.ts'
import { choice, type Kind, kind, numeric, text, whole } from './kind.ts'

const condition: v.Value = (c) =>
  c.random.pick(['sunny', 'cloudy', 'rainy', 'windy', 'foggy', 'snowy', 'clear', 'stormy'])
const celsius: v.Value = (c) => `${c.random.int(-15, 41)}`
const price: v.Value = (c) =>
  `${c.random.int(1, 999)}${c.random.chance(0.6) ? `.${c.random.int(10, 99)}` : ''}`

/** Kinds that look things up in the world. */
export const worldKinds: readonly Kind[] = [
  kind('weather', {
    names: 'get_weather weather current_weather weather_lookup check_weather getWeather',
    descriptions: [
      'Get the current weather in a city.',
      'Returns the weather for a place.',
      'Current weather conditions.',
      'Look up the weather.',
    ],
    parameters: [text('city|location|place', v.city, 'Name of the city')],
    asks: [
      'What is the weather in {0}?',
      'How is the weather in {0}?',
      'Weather in {0}?',
      'Is it raining in {0}?',
      'Tell me the weather in {0}.',
      'What is it like outside in {0}?',
    ],
    result: ['weather', (c) => (c.random.chance(0.5) ? `${celsius(c)} C, ${condition(c)}` : condition(c))],
    answers: ['The weather in {0} is {v}.'],
  }),
  kind('forecast', {
    group: 'weather',
    names: 'get_forecast forecast weather_forecast daily_forecast',
    descriptions: [
      'Weather forecast for the next days.',
      'Get the forecast for a city.',
      'Forecast for a number of days.',
    ],
    parameters: [
      text('city|location|place', v.city, 'City'),
      whole('days|num_days|count', (c) => String(c.random.int(2, 14)), 'Number of days'),
    ],
    asks: [
      'Give me the {1} day forecast for {0}.',
      'What will the weather be in {0} for the next {1} days?',
      'Forecast for {0}, {1} days.',
      'Show the forecast for {0} for {1} days.',
    ],
    result: ['forecast', condition],
    answers: ['The forecast for {0} is {v}.'],
  }),
  kind('temperature', {
    group: 'weather',
    names: 'get_temperature temperature read_temperature temp_now',
    descriptions: ['Get the temperature in a city.', 'Current temperature of a place.'],
    parameters: [
      text('city|location|place', v.city, 'City'),
      choice('unit|units|scale', 'celsius|fahrenheit', 'Unit'),
    ],
    asks: [
      'What is the temperature in {0} in {1}?',
      'How warm is it in {0}, in {1}?',
      'Temperature in {0} in {1}, please.',
      'How cold is it in {0} in {1}?',
    ],
    result: ['temperature', celsius],
    answers: ['The temperature in {0} is {v}.'],
  }),
  kind('time', {
    names: 'get_time current_time time_in clock local_time getTime',
    descriptions: ['Get the current time in a city.', 'Local time of a place.', 'Tells what time it is.'],
    parameters: [text('city|timezone|location|place', v.city, 'City')],
    asks: [
      'What time is it in {0}?',
      'Tell me the time in {0}.',
      'What is the local time in {0}?',
      'Time in {0}?',
      'Current time in {0}?',
    ],
    result: ['time', v.time],
    answers: ['It is {v} in {0}.'],
  }),
  kind('stock', {
    names: 'get_stock_price stock_price stock quote share_price getQuote',
    descriptions: ['Get the price of a stock.', 'Current share price of a ticker.', 'Stock quote lookup.'],
    parameters: [text('symbol|ticker|stock', v.ticker, 'Ticker')],
    asks: [
      'What is the stock price of {0}?',
      'How much is {0} stock?',
      'Price of {0} shares?',
      'Get me the quote for {0}.',
      'What is {0} trading at?',
    ],
    result: ['price', price],
    answers: ['{0} is at {v}.'],
  }),
  kind('exchange', {
    names: 'exchange_rate convert_currency currency fx_rate money_convert',
    descriptions: [
      'Convert an amount of money.',
      'Currency conversion.',
      'Converts money from one currency to another.',
    ],
    parameters: [
      numeric('amount|value|sum', v.decimal, 'Amount'),
      choice('from|source|from_currency', 'EUR|USD|GBP|JPY|CHF|SEK|INR|AUD', 'Currency'),
      choice('to|target|to_currency', 'PLN|CAD|NOK|CNY|BRL|KRW|TRY|MXN', 'Currency'),
    ],
    asks: [
      'Convert {0} {1} to {2}.',
      'How much is {0} {1} in {2}?',
      'Exchange {0} {1} into {2}.',
      'What is {0} {1} in {2}?',
    ],
    result: ['amount', price],
    answers: ['{0} {1} is {v} {2}.'],
  }),
  kind('population', {
    names: 'get_population population population_of people_count',
    descriptions: [
      'Number of people in a country.',
      'Get the population of a country.',
      'Population lookup.',
    ],
    parameters: [text('country|nation|name', v.country, 'Country')],
    asks: [
      'What is the population of {0}?',
      'How many people live in {0}?',
      'Population of {0}?',
      'Find the population of {0}.',
    ],
    result: ['population', (c) => String(c.random.int(10, 999999))],
    answers: ['The population of {0} is {v}.'],
  }),
  kind('distance', {
    names: 'get_distance distance distance_between route_length how_far',
    descriptions: [
      'Distance between two cities.',
      'How far apart two places are.',
      'Get the distance in km.',
    ],
    parameters: [text('from|origin|start', v.city, 'Start'), text('to|destination|end', v.city, 'End')],
    asks: [
      'How far is {0} from {1}?',
      'What is the distance from {0} to {1}?',
      'Distance between {0} and {1}?',
      'How many km from {0} to {1}?',
    ],
    result: ['km', v.integer],
    answers: ['The distance is {v} km.'],
  }),
  kind('directions', {
    names: 'get_directions directions route plan_route navigate',
    descriptions: ['Find a route between two places.', 'Directions by car, bus or bike.', 'Plan a route.'],
    parameters: [
      text('from|origin|start', v.city, 'Start'),
      text('to|destination|goal', v.city, 'Goal'),
      choice('mode|by|transport', 'car|bus|bike|train|foot', 'How'),
    ],
    asks: [
      'Find a route from {0} to {1} by {2}.',
      'How do I get from {0} to {1} by {2}?',
      'Directions from {0} to {1} by {2}.',
      'Plan a trip from {0} to {1} by {2}.',
    ],
    result: ['route', (c) => `${v.city(c)}, ${c.random.int(10, 900)} km`],
    answers: ['The route is: {v}.'],
  }),
  kind('flights', {
    names: 'search_flights find_flights flights flight_search',
    descriptions: ['Search flights on a date.', 'Find flights between cities.', 'Flight search.'],
    parameters: [
      text('from|origin|departure', v.city, 'From'),
      text('to|destination|arrival', v.city, 'To'),
      text('date|day|on', v.date, 'Date'),
    ],
    asks: [
      'Find flights from {0} to {1} on {2}.',
      'I want to fly from {0} to {1} on {2}.',
      'Are there flights from {0} to {1} on {2}?',
      'Search flights {0} to {1}, {2}.',
    ],
    result: ['flight', v.code],
    answers: ['There is flight {v} from {0} to {1}.'],
  }),
  kind('hotel', {
    names: 'book_hotel hotel reserve_hotel hotel_booking',
    descriptions: ['Book a hotel.', 'Reserve a hotel room in a city.', 'Hotel booking by nights.'],
    parameters: [
      text('city|location|place', v.city, 'City'),
      whole('nights|days|stay', (c) => String(c.random.int(1, 21)), 'Nights'),
    ],
    asks: [
      'Book a hotel in {0} for {1} nights.',
      'I need a hotel in {0} for {1} nights.',
      'Reserve a room in {0}, {1} nights.',
    ],
    result: ['booking', v.code],
    answers: ['The hotel in {0} is booked: {v}.'],
  }),
  kind('restaurant', {
    names: 'book_table reserve_table table_booking restaurant',
    descriptions: ['Book a table at a restaurant.', 'Restaurant reservation.', 'Reserve a table.'],
    parameters: [
      text('restaurant|name|place', v.title, 'Restaurant'),
      whole('people|guests|seats', (c) => String(c.random.int(1, 12)), 'Guests'),
      text('time|at|hour', v.time, 'Time'),
    ],
    asks: [
      'Book a table at {0} for {1} people at {2}.',
      'Reserve {1} seats at {0} at {2}.',
      'I want a table for {1} at {0} at {2}.',
    ],
    result: ['booking', v.code],
    answers: ['The table at {0} is booked: {v}.'],
  }),
  kind('news', {
    names: 'get_news news latest_news headlines news_search',
    descriptions: ['Latest news about a topic.', 'Get the headlines.', 'News search.'],
    parameters: [text('topic|subject|about', v.topic, 'Topic')],
    asks: [
      'What is the latest news about {0}?',
      'News about {0}?',
      'Show me the headlines on {0}.',
      'Any news on {0}?',
    ],
    result: ['headline', v.title],
    answers: ['The latest news: {v}.'],
  }),
  kind('movie', {
    names: 'movie_info get_movie film_lookup find_movie',
    descriptions: ['Information about a movie.', 'Look up a film by title.', 'Movie facts: year and cast.'],
    parameters: [text('title|movie|film', v.title, 'Title')],
    asks: [
      'Look up the movie {0}.',
      'When was the film {0} released?',
      'Tell me about the movie {0}.',
      'Find the film {0}.',
    ],
    result: ['year', (c) => String(c.random.int(1930, 2026))],
    answers: ['The movie {0} is from {v}.'],
  }),
  kind('book', {
    names: 'find_book book_search get_book library_lookup',
    descriptions: ['Find a book by title.', 'Search the library for a book.', 'Look up who wrote a book.'],
    parameters: [text('title|book|name', v.title, 'Title')],
    asks: [
      'Find the book {0}.',
      'Who wrote the book {0}?',
      'Do you have the book {0}?',
      'Look up the book {0}.',
    ],
    result: ['author', v.fullName],
    answers: ['The book {0} is by {v}.'],
  }),
  kind('recipe', {
    names: 'find_recipe recipe get_recipe cook_idea',
    descriptions: ['Find a recipe with an ingredient.', 'Recipe search.', 'Suggests a dish to cook.'],
    parameters: [text('ingredient|food|with', v.product, 'Ingredient')],
    asks: [
      'Find a recipe with {0}.',
      'What can I cook with {0}?',
      'Give me a recipe with {0}.',
      'I have {0}, what can I cook?',
    ],
    result: ['dish', v.title],
    answers: ['You can cook {v}.'],
  }),
  kind('sunrise', {
    names: 'sunrise_time get_sunrise sun_times sunrise',
    descriptions: ['When the sun rises in a city.', 'Sunrise time of a place on a date.'],
    parameters: [text('city|location|place', v.city, 'City'), text('date|day|on', v.date, 'Date')],
    asks: [
      'When does the sun rise in {0} on {1}?',
      'Sunrise in {0} on {1}?',
      'What time is sunrise in {0} on {1}?',
    ],
    result: ['sunrise', v.time],
    answers: ['The sun rises at {v} in {0}.'],
  }),
  kind('sports', {
    names: 'get_score match_score score_of game_result',
    descriptions: ['Score of the last match of a team.', 'Get a sports result.'],
    parameters: [text('team|club|name', v.city, 'Team')],
    asks: [
      'How did {0} play?',
      'What was the score of {0}?',
      'Did {0} win the last match?',
      'Last match of {0}?',
    ],
    result: ['score', (c) => `${c.random.int(0, 9)}:${c.random.int(0, 9)}`],
    answers: ['The score of {0} was {v}.'],
  }),
]
